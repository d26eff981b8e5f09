import { type ConversationSummary, EMOTIONS } from "@intramuros/contracts/browser";
import Segmented from "antd/es/segmented";
import { useDeferredValue } from "react";
import { Link } from "react-router";
import { useConversationHistory, useLiveConversations } from "../../shared/api/conversations.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { usePartial } from "../../shared/live/live-context.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Choice, List, SearchBox, usePages } from "../../shared/ui/list.tsx";
import { Address, Badge, Mood, moodClass, PageHead, Stopwatch, Time } from "../../shared/ui/parts.tsx";
import type { Column } from "../../shared/ui/table.tsx";
import { useUrlFilter } from "../../shared/ui/url-filter.ts";
import { fits } from "./filter.ts";
import "./conversations.css";

const HANDLERS = ["assistant", "queue", "agent"] as const;
const MEDIA = ["phone", "web-chat"] as const;

export function ConversationsPage() {
  const { t } = useText();
  const [view, setView] = useUrlFilter("view", "live");
  return (
    <>
      <PageHead
        title={t("shell.page.conversations")}
        actions={
          <Segmented
            value={view}
            onChange={setView}
            options={[
              { value: "live", label: t("conversation.live") },
              { value: "history", label: t("conversation.history") },
            ]}
          />
        }
      />
      {view === "history" ? <History /> : <Live />}
    </>
  );
}

function Live() {
  const { t } = useText();
  const live = useLiveConversations();
  const [words, setWords] = useUrlFilter("q");
  const [handler, setHandler] = useUrlFilter("handler");
  const [mood, setMood] = useUrlFilter("mood");
  const [medium, setMedium] = useUrlFilter("medium");
  const columns = useColumns(true);
  const filtered = words !== "" || handler !== "" || mood !== "" || medium !== "";
  const rows = live.data?.filter((row) => fits(row, { words, handler, mood, medium }));
  return (
    <List
      label={t("conversation.live")}
      className="conversations-table"
      filters={
        <>
          <SearchBox label={t("conversation.filter")} value={words} set={setWords} />
          <Choice
            label={t("conversation.handlerAll")}
            value={handler}
            set={setHandler}
            options={HANDLERS.map((each) => [each, t(`conversation.handler.${each}`)])}
          />
          <Choice
            label={t("conversation.moodAll")}
            value={mood}
            set={setMood}
            options={EMOTIONS.map((each) => [each, t(`conversation.mood.${each}`)])}
          />
          <Choice
            label={t("conversation.mediumAll")}
            value={medium}
            set={setMedium}
            options={MEDIA.map((each) => [each, t(`conversation.medium.${each}`)])}
          />
        </>
      }
      of={{ rows, error: live.error, refetch: live.refetch }}
      columns={columns}
      rowKey={(row) => row.id}
      rowClass={(row) => `conversation-row ${moodClass(row.mood)} ${row.state === "ended" ? "row-ended" : ""}`}
      to={(row) => `/conversations/${encodeURIComponent(row.id)}`}
      filtered={filtered && (live.data ?? []).length > 0}
      empty={{
        icon: "conversations",
        title: t("conversation.emptyLive"),
        hint: t("conversation.emptyLiveHint"),
        action: <Link to="/conversations?view=history">{t("conversation.history")}</Link>,
      }}
    />
  );
}

function History() {
  const { t } = useText();
  const [words, setWords] = useUrlFilter("q");
  const q = useDeferredValue(words);
  const history = useConversationHistory(q);
  const columns = useColumns(false);
  return (
    <List
      label={t("conversation.history")}
      className="conversations-table"
      filters={<SearchBox label={t("conversation.filter")} value={words} set={setWords} />}
      of={usePages(history)}
      columns={columns}
      rowKey={(row) => row.id}
      rowClass={(row) => `conversation-row ${moodClass(row.mood)}`}
      to={(row) => `/conversations/${encodeURIComponent(row.id)}`}
      filtered={q !== ""}
      empty={{
        icon: "conversations",
        title: t("conversation.emptyHistory"),
        hint: t("conversation.emptyHistoryHint"),
      }}
    />
  );
}

function useColumns(live: boolean): readonly Column<ConversationSummary>[] {
  const { t } = useText();
  return [
    {
      key: "customer",
      title: t("conversation.col.customer"),
      width: "22%",
      render: (row) => (
        <div className="who">
          <Icon name={row.medium === "phone" ? "phone" : "chat"} />
          <div className="who-words">
            <Link to={`/conversations/${encodeURIComponent(row.id)}`} className="clip">
              {row.customerName || t("conversation.anonymous")}
            </Link>
            <Address value={row.address} />
          </div>
        </div>
      ),
    },
    {
      key: "handler",
      title: live ? t("conversation.col.handler") : t("conversation.col.outcome"),
      width: "13%",
      render: (row) => <Handler row={row} />,
    },
    { key: "mood", title: t("conversation.col.mood"), width: "11%", render: (row) => <Mood mood={row.mood} /> },
    { key: "last", title: t("conversation.col.last"), render: (row) => <LastWords row={row} /> },
    {
      key: "started",
      title: t("conversation.col.started"),
      width: "11%",
      wide: true,
      render: (row) => (
        <span className="muted">
          <Time at={row.startedAt} />
        </span>
      ),
    },
    {
      key: "time",
      title: t("conversation.col.time"),
      align: "end",
      width: "80px",
      render: (row) => <Stopwatch from={row.startedAt} to={row.endedAt} />,
    },
  ];
}

function Handler({ row }: { readonly row: ConversationSummary }) {
  const { t } = useText();
  if (row.state === "ended")
    return row.outcome === undefined ? (
      <Badge>{t("conversation.ended")}</Badge>
    ) : (
      <Badge tone={row.outcome === "failed" ? "bad" : row.outcome === "abandoned" ? "warn" : "quiet"}>
        {t(`conversation.outcome.${row.outcome}`)}
      </Badge>
    );
  return (
    <Badge tone={row.handler === "queue" ? "warn" : row.handler === "agent" ? "info" : "good"}>
      {row.handler === "agent" && row.agentName
        ? row.agentName
        : row.handler === "queue" && row.queueName
          ? row.queueName
          : t(`conversation.handler.${row.handler}`)}
    </Badge>
  );
}

function LastWords({ row }: { readonly row: ConversationSummary }) {
  const partial = usePartial(row.id);
  if (row.state === "live" && partial !== null && partial.text !== "")
    return <span className="words words-partial typing">{partial.text}</span>;
  return <span className="words">{row.lastText}</span>;
}
