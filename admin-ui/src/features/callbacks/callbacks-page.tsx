import { EMOTIONS, type Task } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Segmented from "antd/es/segmented";
import { useState } from "react";
import { Link } from "react-router";
import { duration } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { FaultNotice } from "../../shared/ui/fault-notice.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { useNow } from "../../shared/ui/now.ts";
import { Address, Empty, PageHead, Panel, Time } from "../../shared/ui/parts.tsx";
import { toast } from "../../shared/ui/toast.tsx";
import { useUrlFilter } from "../../shared/ui/url-filter.ts";
import { useTasks } from "./api/list-tasks.ts";
import { useUpdateTask } from "./api/update-task.ts";
import "./callbacks.css";

export function CallbacksPage() {
  const { t } = useText();
  const [view, setView] = useUrlFilter("state", "open");
  const state = view === "done" ? "done" : "open";
  const tasks = useTasks(state);
  const rows = tasks.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHead
        title={t("shell.page.callbacks")}
        lead={t("callbacks.lead")}
        actions={
          <Segmented
            value={state}
            onChange={setView}
            options={[
              { value: "open", label: t("callbacks.open") },
              { value: "done", label: t("callbacks.done") },
            ]}
          />
        }
      />
      <Panel flush>
        <Loaded of={{ data: rows, error: tasks.error, refetch: tasks.refetch }}>
          {(list) =>
            list.length === 0 ? (
              state === "open" ? (
                <Empty icon="callbacks" title={t("callbacks.empty")} hint={t("callbacks.emptyHint")} />
              ) : (
                <Empty icon="check" title={t("callbacks.emptyDone")} />
              )
            ) : (
              <ul>
                {list.map((task) => (
                  <li key={task.id}>
                    <TaskRow task={task} />
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        {tasks.hasNextPage && (
          <div className="more">
            <Button loading={tasks.isFetchingNextPage} onClick={() => void tasks.fetchNextPage()}>
              {t("common.loadMore")}
            </Button>
          </div>
        )}
      </Panel>
    </>
  );
}

function TaskRow({ task }: { readonly task: Task }) {
  const { t, language } = useText();
  const now = useNow();
  const update = useUpdateTask();
  const [listening, setListening] = useState(false);
  const mood = EMOTIONS.find((each) => each === task.mood);
  const open = task.state === "open";
  const set = (state: "open" | "done") =>
    update.mutate(
      { id: task.id, state },
      { onSuccess: () => toast(t(state === "done" ? "callbacks.marked" : "callbacks.reopened")) },
    );
  return (
    <article className={`task mood-${mood ?? "none"}`}>
      <div className="task-who">
        <p className="task-name">{task.customerName || t("conversation.anonymous")}</p>
        <p className="task-number">
          <Address value={task.address} />
        </p>
        <p className="muted">
          {open ? (
            t("callbacks.waiting", { for: duration(now - task.createdAt, language) })
          ) : (
            <Time at={task.createdAt} />
          )}
          {mood !== undefined && ` · ${t(`conversation.mood.${mood}`)}`}
        </p>
      </div>
      <div className="task-what">
        <p className={task.transcript === "" ? "muted" : "task-words"}>
          {task.transcript === "" ? t("callbacks.noTranscript") : task.transcript}
        </p>
        {listening && (
          // biome-ignore lint/a11y/useMediaCaption: the transcript stands right above it
          <audio
            controls
            autoPlay
            src={`/api/recordings/${encodeURIComponent(task.id)}`}
            aria-label={t("callbacks.listen")}
          />
        )}
        {update.error && <FaultNotice error={update.error} />}
        {task.doneBy !== undefined && task.doneAt !== undefined && (
          <p className="muted">
            {t("callbacks.doneBy", { who: task.doneBy })} <Time at={task.doneAt} />
          </p>
        )}
      </div>
      <div className="task-actions">
        {task.recordingPath !== undefined && !listening && (
          <Button size="small" icon={<Icon name="play" size={13} />} onClick={() => setListening(true)}>
            {t("callbacks.listen")}
            {task.durationMs !== undefined && ` ${duration(task.durationMs, language)}`}
          </Button>
        )}
        <Link to={`/conversations/${encodeURIComponent(task.conversationId)}`}>{t("callbacks.conversation")}</Link>
        {open ? (
          <Button size="small" type="primary" loading={update.isPending} onClick={() => set("done")}>
            {t("callbacks.markDone")}
          </Button>
        ) : (
          <Button size="small" loading={update.isPending} onClick={() => set("open")}>
            {t("callbacks.reopen")}
          </Button>
        )}
      </div>
    </article>
  );
}
