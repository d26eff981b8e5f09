import { type ConversationSummary, EMOTIONS } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Input from "antd/es/input";
import Segmented from "antd/es/segmented";
import Select from "antd/es/select";
import { useDeferredValue, useMemo } from "react";
import { Link } from "react-router";
import { useConversationHistory, useLiveConversations } from "../../shared/api/conversations.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { usePartial } from "../../shared/live/live-context.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Address, Badge, Empty, Mood, moodClass, PageHead, Panel, Stopwatch, Time } from "../../shared/ui/parts.tsx";
import { type Column, Table } from "../../shared/ui/table.tsx";
import { useUrlFilter } from "../../shared/ui/url-filter.ts";
import { fits } from "./filter.ts";
import "./conversations.css";

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
  return (
    <>
      <div className="filters">
        <Input
          className="grow"
          allowClear
          aria-label={t("conversation.filter")}
          placeholder={t("conversation.filter")}
          prefix={<Icon name="search" size={14} />}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Choice
          label={t("conversation.handlerAll")}
          value={handler}
          set={setHandler}
          options={(["assistant", "queue", "agent"] as const).map((each) => [each, t(`conversation.handler.${each}`)])}
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
          options={(["phone", "web-chat"] as const).map((each) => [each, t(`conversation.medium.${each}`)])}
        />
      </div>
      <Panel flush className="conversations-table">
        <Loaded of={live}>
          {(list) => (
            <Table
              label={t("conversation.live")}
              columns={columns}
              rows={list.filter((row) => fits(row, { words, handler, mood, medium }))}
              rowKey={(row) => row.id}
              rowClass={(row) => `conversation-row ${moodClass(row.mood)} ${row.state === "ended" ? "row-ended" : ""}`}
              to={(row) => `/conversations/${encodeURIComponent(row.id)}`}
              empty={
                filtered && list.length > 0 ? (
                  <Empty icon="search" title={t("common.noMatch")} />
                ) : (
                  <Empty
                    icon="conversations"
                    title={t("conversation.emptyLive")}
                    hint={t("conversation.emptyLiveHint")}
                    action={<Link to="/conversations?view=history">{t("conversation.history")}</Link>}
                  />
                )
              }
            />
          )}
        </Loaded>
      </Panel>
    </>
  );
}

function History() {
  const { t } = useText();
  const [words, setWords] = useUrlFilter("q");
  const q = useDeferredValue(words);
  const history = useConversationHistory(q);
  const rows = useMemo(() => history.data?.pages.flatMap((page) => page.items), [history.data]);
  const columns = useColumns(false);
  return (
    <>
      <div className="filters">
        <Input
          className="grow"
          allowClear
          aria-label={t("conversation.filter")}
          placeholder={t("conversation.filter")}
          prefix={<Icon name="search" size={14} />}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <span className="end">
          {rows !== undefined && t(history.hasNextPage ? "common.shownMore" : "common.shown", { count: rows.length })}
        </span>
      </div>
      <Panel flush className="conversations-table">
        <Loaded of={{ data: rows, error: history.error, refetch: history.refetch }}>
          {(list) => (
            <Table
              label={t("conversation.history")}
              columns={columns}
              rows={list}
              rowKey={(row) => row.id}
              rowClass={(row) => `conversation-row ${moodClass(row.mood)}`}
              to={(row) => `/conversations/${encodeURIComponent(row.id)}`}
              empty={
                q !== "" ? (
                  <Empty icon="search" title={t("common.noMatch")} />
                ) : (
                  <Empty
                    icon="conversations"
                    title={t("conversation.emptyHistory")}
                    hint={t("conversation.emptyHistoryHint")}
                  />
                )
              }
            />
          )}
        </Loaded>
        {history.hasNextPage && (
          <div className="more">
            <Button loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
              {t("common.loadMore")}
            </Button>
          </div>
        )}
      </Panel>
    </>
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

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly options: readonly (readonly [string, string])[];
}) {
  return (
    <Select
      aria-label={props.label}
      value={props.value}
      onChange={props.set}
      popupMatchSelectWidth={false}
      options={[{ value: "", label: props.label }, ...props.options.map(([value, label]) => ({ value, label }))]}
    />
  );
}
