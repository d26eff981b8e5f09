import type { AuditEntry } from "@intramuros/contracts/browser";
import Drawer from "antd/es/drawer";
import Segmented from "antd/es/segmented";
import { useDeferredValue } from "react";
import { integer } from "../../shared/format/time.ts";
import { useText, wordFor } from "../../shared/i18n/use-text.ts";
import { List, SearchBox, usePages } from "../../shared/ui/list.tsx";
import { Facts, fact, PageHead, Status, Time } from "../../shared/ui/parts.tsx";
import type { Column } from "../../shared/ui/table.tsx";
import { useUrlFilter } from "../../shared/ui/url-filter.ts";
import { useAudit } from "./api/audit.ts";
import { CheckpointPanel, VerifyPanel } from "./verify-panel.tsx";
import "./audit.css";

export function AuditPage() {
  const { t, language } = useText();
  const [code, setCode] = useUrlFilter("code");
  const [object, setObject] = useUrlFilter("object");
  const [order, setOrder] = useUrlFilter("order", "newest");
  const [chosen, setChosen] = useUrlFilter("entry");
  const filter = {
    code: useDeferredValue(code.trim()),
    object: useDeferredValue(object.trim()),
    order: order === "oldest" ? ("oldest" as const) : ("newest" as const),
  };
  const audit = useAudit(filter);
  const list = usePages(audit);
  const entry = list.rows?.find((row) => String(row.seq) === chosen);
  const columns: readonly Column<AuditEntry>[] = [
    {
      key: "seq",
      title: t("audit.col.seq"),
      align: "end",
      width: "72px",
      render: (row) => <span className="num muted">{integer(row.seq, language)}</span>,
    },
    { key: "at", title: t("audit.col.at"), width: "150px", render: (row) => <Time at={row.at} as="moment" /> },
    { key: "code", title: t("audit.col.code"), width: "22%", render: (row) => <code>{row.code}</code> },
    { key: "actor", title: t("audit.col.actor"), render: (row) => <span className="clip">{row.actor}</span> },
    { key: "object", title: t("audit.col.object"), render: (row) => <span className="clip muted">{row.object}</span> },
    {
      key: "source",
      title: t("audit.col.source"),
      wide: true,
      width: "130px",
      render: (row) => <span className="muted num">{row.source}</span>,
    },
    {
      key: "result",
      title: t("audit.col.result"),
      width: "80px",
      render: (row) => (
        <Status tone={row.result === "success" ? "good" : "bad"}>{t(`audit.result.${row.result}`)}</Status>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t("shell.page.audit")} lead={t("audit.lead")} />
      <div className="audit-top">
        <VerifyPanel />
        <CheckpointPanel />
      </div>
      <List
        label={t("shell.page.audit")}
        className="audit-table"
        filters={
          <>
            <SearchBox label={t("audit.filterCode")} value={code} set={setCode} maxLength={60} />
            <SearchBox label={t("audit.filterObject")} value={object} set={setObject} maxLength={120} />
            <Segmented
              value={filter.order}
              onChange={setOrder}
              options={[
                { value: "newest", label: t("audit.newest") },
                { value: "oldest", label: t("audit.oldest") },
              ]}
            />
          </>
        }
        of={list}
        columns={columns}
        rowKey={(row) => String(row.seq)}
        onOpen={(row) => setChosen(String(row.seq))}
        filtered={filter.code !== "" || filter.object !== ""}
        empty={{ icon: "audit", title: t("audit.empty"), hint: t("audit.emptyHint") }}
      />
      {entry !== undefined && <EntryDrawer entry={entry} onClose={() => setChosen("")} onObject={setObject} />}
    </>
  );
}

function EntryDrawer(props: {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
  readonly onObject: (object: string) => void;
}) {
  const { t } = useText();
  const { entry } = props;
  return (
    <Drawer open title={t("audit.entry", { seq: entry.seq })} size={520} onClose={props.onClose}>
      <div className="stack">
        <Facts
          items={[
            fact(t("audit.col.code"), <code>{entry.code}</code>),
            fact(t("audit.col.at"), <Time at={entry.at} as="full" />),
            fact(t("audit.col.result"), t(`audit.result.${entry.result}`)),
            entry.reason === "" ? null : fact(t("audit.reason"), entry.reason),
            fact(t("audit.col.actor"), entry.actor),
            entry.role === "" ? null : fact(t("audit.role"), wordFor(t, "shell.role", entry.role)),
            fact(t("audit.col.source"), entry.source),
            entry.object === ""
              ? null
              : fact(
                  t("audit.col.object"),
                  <button type="button" className="as-link" onClick={() => props.onObject(entry.object)}>
                    {entry.object}
                  </button>,
                ),
            entry.requestId === "" ? null : fact(t("audit.requestId"), <code>{entry.requestId}</code>),
            fact(t("audit.version"), entry.version),
          ]}
        />
        {Object.keys(entry.detail).length > 0 && (
          <section>
            <h3>{t("audit.detail")}</h3>
            <pre className="pre">{JSON.stringify(entry.detail, null, 2)}</pre>
          </section>
        )}
        <section>
          <h3>{t("audit.leafHash")}</h3>
          <pre className="pre">{entry.leafHash}</pre>
        </section>
      </div>
    </Drawer>
  );
}
