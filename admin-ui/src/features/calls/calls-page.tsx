import Button from "antd/es/button";
import { useDeferredValue } from "react";
import { useCalls } from "../../shared/api/calls.ts";
import { useTrunks } from "../../shared/api/trunks.ts";
import { callPath, useCallColumns } from "../../shared/call/call-columns.tsx";
import { fullTime, shortTime } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { Choice, List, SearchBox, usePages } from "../../shared/ui/list.tsx";
import { useNow } from "../../shared/ui/now.ts";
import { PageHead } from "../../shared/ui/parts.tsx";
import { useUrlFilter } from "../../shared/ui/url-filter.ts";
import "./calls.css";

const RESULTS = ["answered", "failed", "open"] as const;

/** Every attempt at a call, also those that never became a conversation, each with its verdict in one line. */
export function CallsPage() {
  const { t, language } = useText();
  const now = useNow();
  const trunks = useTrunks().data ?? [];
  const [words, setWords] = useUrlFilter("q");
  const [trunkId, setTrunk] = useUrlFilter("trunk");
  const [result, setResult] = useUrlFilter("result");
  const q = useDeferredValue(words.trim());
  const calls = useCalls({ q, trunkId, result });
  const list = usePages(calls);
  const columns = useCallColumns((id) => trunks.find((trunk) => trunk.id === id)?.name ?? id);
  const first = calls.data?.pages[0];
  const oldest = calls.data?.pages.at(-1)?.oldestAt;
  return (
    <>
      <PageHead
        title={t("shell.page.calls")}
        lead={t("calls.lead")}
        actions={
          <Button loading={calls.isRefetching} onClick={() => void calls.refetch()}>
            {t("calls.refresh")}
          </Button>
        }
      />
      {first !== undefined && first.problem !== "" && (
        <p className="warn-words calls-problem" role="status">
          {t("calls.problem", { problem: first.problem })}
        </p>
      )}
      <List
        label={t("shell.page.calls")}
        filters={
          <>
            <SearchBox label={t("calls.search")} value={words} set={setWords} />
            <Choice
              label={t("calls.trunkAll")}
              value={trunkId}
              set={setTrunk}
              options={trunks.map((trunk) => [trunk.id, trunk.name])}
            />
            <Choice
              label={t("calls.resultAll")}
              value={result}
              set={setResult}
              options={RESULTS.map((each) => [each, t(`calls.result.${each}`)])}
            />
          </>
        }
        {...(oldest === undefined
          ? {}
          : {
              note: (
                <span title={fullTime(oldest, language)}>
                  {t("calls.oldest", { when: shortTime(oldest, now, language) })}
                </span>
              ),
            })}
        of={list}
        columns={columns}
        rowKey={(row) => row.sipCallId}
        to={(row) => callPath(row.sipCallId)}
        filtered={q !== "" || trunkId !== "" || result !== ""}
        empty={{ icon: "calls", title: t("calls.empty"), hint: t("calls.emptyHint") }}
      />
    </>
  );
}
