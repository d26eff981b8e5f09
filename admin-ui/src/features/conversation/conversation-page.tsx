import type { ConversationDetail } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { useRole } from "../../shared/api/session.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { usePartial } from "../../shared/live/live-context.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Address, Badge, Mood, Status, Stopwatch, Time } from "../../shared/ui/parts.tsx";
import { AnswerBox } from "./answer-box.tsx";
import { useConversation } from "./api/get-conversation.ts";
import { CoursePanel, CustomerCard, LatencyPanel, TechnicalPanel } from "./side-panels.tsx";
import { TranscriptList } from "./transcript-list.tsx";
import "./conversation.css";

export function ConversationPage() {
  const { id = "" } = useParams();
  return <Loaded of={useConversation(id)}>{(detail) => <Body key={id} detail={detail} />}</Loaded>;
}

function Body({ detail }: { readonly detail: ConversationDetail }) {
  const { t } = useText();
  const role = useRole();
  const { conversation } = detail;
  const live = conversation.state === "live";
  return (
    <>
      <Link to="/conversations" className="back">
        <Icon name="back" size={14} />
        {t("conversation.back")}
      </Link>
      <header className="conversation-head">
        <h1>
          <Icon name={conversation.medium === "phone" ? "phone" : "chat"} size={18} />
          {conversation.customerName || <Address value={conversation.address} />}
        </h1>
        <div className="conversation-facts">
          {live ? (
            <Status tone="good">{t("conversation.live")}</Status>
          ) : (
            <Badge tone={conversation.outcome === "failed" ? "bad" : "quiet"}>
              {conversation.outcome === undefined
                ? t("conversation.ended")
                : t(`conversation.outcome.${conversation.outcome}`)}
            </Badge>
          )}
          {live && (
            <Badge
              tone={conversation.handler === "queue" ? "warn" : conversation.handler === "agent" ? "info" : "quiet"}
            >
              {t(`conversation.handler.${conversation.handler}`)}
              {conversation.agentName ? ` · ${conversation.agentName}` : ""}
            </Badge>
          )}
          <Mood mood={conversation.mood} />
          <span className="muted">
            <Time at={conversation.startedAt} />
          </span>
          <Stopwatch from={conversation.startedAt} to={conversation.endedAt} />
        </div>
      </header>
      <div className="conversation-grid">
        <section className="panel transcript-panel">
          <Scroller watch={detail.events.length} conversationId={conversation.id}>
            <TranscriptList detail={detail} />
          </Scroller>
          {conversation.medium === "web-chat" &&
            role !== "auditor" &&
            role !== "telephony-engineer" &&
            (live ? (
              <AnswerBox id={conversation.id} />
            ) : (
              <p className="answer-box muted">{t("conversation.answerEnded")}</p>
            ))}
        </section>
        <aside className="stack">
          <CustomerCard detail={detail} />
          <LatencyPanel detail={detail} />
          <CoursePanel detail={detail} />
          <TechnicalPanel detail={detail} />
        </aside>
      </div>
    </>
  );
}

const NEAR_END_PX = 60;

/** Follows the latest words while the reader is at the end; keeps the place when they have scrolled up. */
function Scroller(props: {
  readonly watch: number;
  readonly conversationId: string;
  readonly children: React.ReactNode;
}) {
  const { t } = useText();
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const partial = usePartial(props.conversationId);
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when something was said, which the two values tell
  useEffect(() => {
    if (atEnd) toEnd();
  }, [props.watch, partial?.text, atEnd]);
  return (
    <div className="transcript-box">
      <section
        ref={box}
        className="transcript-scroll"
        aria-label={t("conversation.transcript")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_END_PX);
        }}
      >
        {props.children}
      </section>
      {!atEnd && (
        <Button className="to-latest" size="small" icon={<Icon name="down" size={14} />} onClick={toEnd}>
          {t("conversation.jumpToLatest")}
        </Button>
      )}
    </div>
  );
}
