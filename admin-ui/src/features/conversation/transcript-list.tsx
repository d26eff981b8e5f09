import type { ConversationDetail } from "@intramuros/contracts/browser";
import { memo } from "react";
import { Link } from "react-router";
import { useArticle } from "../../shared/api/article.ts";
import { useRole } from "../../shared/api/session.ts";
import { phoneFor } from "../../shared/format/phone.ts";
import { latency, percent, sameDay } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { usePartial } from "../../shared/live/live-context.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { moodClass, Time } from "../../shared/ui/parts.tsx";
import { EmotionMark } from "./emotion-mark.tsx";
import { wordsOf } from "./mark-words.ts";
import { findBody, type Line, type Mark, readTranscript } from "./transcript.ts";

export function TranscriptList({ detail }: { readonly detail: ConversationDetail }) {
  const { t } = useText();
  const items = readTranscript(detail.events);
  const partial = usePartial(detail.conversation.id);
  const taskId = findBody(detail.events, "task-created")?.taskId;
  let day = 0;
  return (
    <ol className="transcript" aria-label={t("conversation.transcript")}>
      {items.map((item) => {
        const newDay = day !== 0 && !sameDay(day, item.at);
        day = item.at;
        return (
          <li key={item.seq} className={newDay ? "new-day" : undefined}>
            {item.kind === "line" ? <LineRow line={item} /> : <MarkRow mark={item} taskId={taskId} />}
          </li>
        );
      })}
      {detail.conversation.state === "live" && partial !== null && partial.text !== "" && (
        <li>
          <div className="line line-customer mood-none">
            <div className="line-head">
              <span className="line-who">{t("conversation.who.customer")}</span>
              <span className="muted">{t("conversation.speaking")}</span>
            </div>
            <p className="line-text typing words-partial">{partial.text}</p>
          </div>
        </li>
      )}
    </ol>
  );
}

const LineRow = memo(function LineRow({ line }: { readonly line: Line }) {
  const { t, language } = useText();
  const { customer, assistant } = line;
  const notes: string[] = [];
  if (customer?.confidence !== undefined && customer.via === "speech")
    notes.push(t("conversation.confidence", { value: percent(customer.confidence) }));
  if (customer?.endpointMs !== undefined)
    notes.push(t("conversation.endpoint", { ms: latency(customer.endpointMs, language) }));
  if (customer?.recognitionMs !== undefined)
    notes.push(t("conversation.recognition", { ms: latency(customer.recognitionMs, language) }));
  const playback = assistant?.playback;
  if (playback?.responseMs) notes.push(t("conversation.response", { ms: latency(playback.responseMs, language) }));
  if (playback?.synthesisMs !== null && playback?.synthesisMs !== undefined)
    notes.push(t("conversation.synthesis", { ms: latency(playback.synthesisMs, language) }));
  return (
    <div className={`line line-${line.who} ${line.who === "customer" ? moodClass(line.emotion) : ""}`}>
      <div className="line-head">
        <span className="line-who">{line.name || t(`conversation.who.${line.who}`)}</span>
        <span className="muted">
          <Time at={line.at} as="clock" />
        </span>
        {line.emotion !== undefined && <EmotionMark score={line.emotion} />}
        {assistant !== null && <span className="line-reason">{t(`conversation.reason.${assistant.reason}`)}</span>}
        {assistant?.articleId !== undefined && <ArticleLink id={assistant.articleId} score={assistant.score} />}
        {notes.length > 0 && <span className="line-notes num">{notes.join(" · ")}</span>}
      </div>
      <p className="line-text" lang={line.language === "zh" ? "zh-CN" : "en"}>
        {customer?.via === "digits" ? t("conversation.digits", { text: line.text }) : line.text}
      </p>
      {playback?.interruptedAfterMs !== null && playback?.interruptedAfterMs !== undefined && (
        <p className="line-cut">
          <Icon name="bolt" size={13} />
          {t("conversation.interrupted", { played: latency(playback.interruptedAfterMs, language) })}
        </p>
      )}
    </div>
  );
});

function ArticleLink({ id, score }: { readonly id: string; readonly score: number | undefined }) {
  const { t } = useText();
  const role = useRole();
  const may = role === "administrator" || role === "supervisor" || role === "agent";
  const article = useArticle(id, role !== "telephony-engineer");
  const title = article.data?.title ?? id;
  return (
    <span className="line-article">
      <Icon name="knowledge" size={13} />
      {may ? <Link to={`/knowledge?article=${encodeURIComponent(id)}`}>{title}</Link> : title}
      {score !== undefined && (
        <span className="num muted">{t("conversation.articleScore", { score: score.toFixed(2) })}</span>
      )}
    </span>
  );
}

function MarkRow({ mark, taskId }: { readonly mark: Mark; readonly taskId: string | undefined }) {
  const { t, language } = useText();
  const role = useRole();
  const may = role === "administrator" || role === "supervisor" || role === "agent";
  const words = wordsOf(mark.body, { t, language, address: (raw) => phoneFor(role, raw) });
  return (
    <div className={`mark mark-${words.tone}`}>
      <Icon name={words.icon} size={14} />
      <span className="mark-text">
        {mark.body.type === "file-received" && may ? (
          <a href={`/api/files/${encodeURIComponent(mark.body.fileId)}`} target="_blank" rel="noreferrer">
            {words.text}
          </a>
        ) : (
          words.text
        )}
      </span>
      {words.detail !== "" && <span className="mark-detail">{words.detail}</span>}
      <span className="mark-time">
        <Time at={mark.at} as="clock" />
      </span>
      {mark.body.type === "message-taken" && mark.body.recordingPath !== "" && taskId !== undefined && may && (
        // biome-ignore lint/a11y/useMediaCaption: its words stand beside it
        <audio
          className="mark-audio"
          controls
          preload="none"
          src={`/api/recordings/${encodeURIComponent(taskId)}`}
          aria-label={t("callbacks.listen")}
        />
      )}
    </div>
  );
}
