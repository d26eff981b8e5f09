import Button from "antd/es/button";
import Input from "antd/es/input";
import { useState } from "react";
import { useText } from "../../shared/i18n/use-text.ts";
import { FaultNotice } from "../../shared/ui/fault-notice.tsx";
import { Badge, Panel } from "../../shared/ui/parts.tsx";
import { useTryQuestion } from "./api/try-question.ts";

/** What would the assistant do with this sentence, and why? */
export function TryBox(props: {
  readonly onOpen: (id: string) => void;
  readonly onNew: ((question: string) => void) | null;
}) {
  const { t } = useText();
  const [text, setText] = useState("");
  const tried = useTryQuestion();
  const reply = tried.data;
  const best = Math.max(1, ...(reply?.matches.map((match) => match.score) ?? []));
  const { onNew } = props;
  return (
    <Panel title={t("knowledge.tryTitle")} className="try">
      <p className="muted">{t("knowledge.tryLead")}</p>
      <form
        className="try-row"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") tried.mutate(text.trim());
        }}
      >
        <Input
          aria-label={t("knowledge.tryTitle")}
          placeholder={t("knowledge.tryPlaceholder")}
          value={text}
          maxLength={500}
          onChange={(event) => setText(event.target.value)}
        />
        <Button htmlType="submit" type="primary" loading={tried.isPending} disabled={text.trim() === ""}>
          {t("knowledge.tryGo")}
        </Button>
      </form>
      {tried.error && <FaultNotice error={tried.error} kept />}
      {reply !== undefined && (
        <div aria-live="polite">
          <p className="try-decision">
            <Badge tone={reply.decision === "answer" ? "good" : reply.decision === "small-talk" ? "quiet" : "warn"}>
              {t(`knowledge.decision.${reply.decision}`)}
            </Badge>
            <span className="subtle num">
              {t("knowledge.threshold", { value: reply.threshold.toFixed(2) })} · {t(`common.lang.${reply.language}`)}
            </span>
          </p>
          <blockquote className="try-reply" lang={reply.language === "zh" ? "zh-CN" : "en"}>
            {reply.reply}
          </blockquote>
          <h3>{t("knowledge.matches")}</h3>
          {reply.matches.length === 0 && <p className="muted">{t("knowledge.matchesNone")}</p>}
          <ol className="matches">
            {reply.matches.map((match) => (
              <li key={match.articleId}>
                <div className="match-head">
                  <button type="button" className="as-link" onClick={() => props.onOpen(match.articleId)}>
                    {match.title}
                  </button>
                  <span className="num">{match.score.toFixed(2)}</span>
                </div>
                <div className="match-bar" aria-hidden="true">
                  <span
                    className={match.score >= reply.threshold ? "" : "match-under"}
                    style={{ width: `${(match.score / best) * 100}%` }}
                  />
                  <i style={{ left: `${(reply.threshold / best) * 100}%` }} />
                </div>
                <p className="subtle">{match.question}</p>
                {match.terms.length > 0 && (
                  <p className="chips">
                    <span className="subtle">{t("knowledge.terms")}</span>
                    {match.terms.map((term) => (
                      <Badge key={term}>{term}</Badge>
                    ))}
                  </p>
                )}
              </li>
            ))}
          </ol>
          {onNew !== null && reply.decision !== "answer" && (
            <Button size="small" onClick={() => onNew(text.trim())}>
              {t("knowledge.addQuestion")}
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}
