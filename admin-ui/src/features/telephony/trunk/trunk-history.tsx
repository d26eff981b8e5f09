import type { Trunk, TrunkRevision } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Popconfirm from "antd/es/popconfirm";
import { asFault } from "../../../shared/api/fault.ts";
import { useText } from "../../../shared/i18n/use-text.ts";
import { FaultNotice, useFaultText } from "../../../shared/ui/fault-notice.tsx";
import { Loaded } from "../../../shared/ui/loaded.tsx";
import { Badge, Empty, Panel, Time } from "../../../shared/ui/parts.tsx";
import { toast } from "../../../shared/ui/toast.tsx";
import { useRollBackTrunk } from "../api/roll-back-trunk.ts";
import { useTrunkHistory } from "../api/trunk-history.ts";
import { fieldWord, valueWord } from "./trunk-field.tsx";

/** Every revision with what it changed; any can be put back. */
export function TrunkHistory({ trunk }: { readonly trunk: Trunk }) {
  const { t } = useText();
  const history = useTrunkHistory(trunk.id);
  const back = useRollBackTrunk(trunk.id);
  return (
    <div className="stack">
      <p className="muted">{t("trunk.history.lead")}</p>
      {back.error && <FaultNotice error={back.error} />}
      <Panel flush>
        <Loaded of={history}>
          {(revisions) =>
            revisions.length === 0 ? (
              <Empty icon="history" title={t("trunk.history.empty")} hint={t("trunk.history.emptyHint")} />
            ) : (
              <ol className="revisions">
                {revisions.map((revision) => (
                  <Revision key={revision.revision} revision={revision} trunk={trunk} back={back} />
                ))}
              </ol>
            )
          }
        </Loaded>
      </Panel>
    </div>
  );
}

function Revision(props: {
  readonly revision: TrunkRevision;
  readonly trunk: Trunk;
  readonly back: ReturnType<typeof useRollBackTrunk>;
}) {
  const { t } = useText();
  const faultText = useFaultText();
  const { revision, trunk, back } = props;
  const current = revision.revision === trunk.revision;
  const name = t("trunk.history.revision", { revision: revision.revision });
  return (
    <li className="revision">
      <header className="revision-head">
        <strong>{name}</strong>
        {current && <Badge tone="info">{t("trunk.history.current")}</Badge>}
        <span className="muted">
          {revision.by === "" || revision.by.startsWith("process:") ? t("trunk.history.system") : revision.by}
          {" · "}
          <Time at={revision.at} />
        </span>
        {!current && (
          <Popconfirm
            title={t("trunk.history.rollbackAsk", { revision: revision.revision })}
            description={<div className="ask-then">{t("trunk.history.rollbackThen")}</div>}
            okText={t("trunk.history.rollback")}
            onConfirm={() =>
              back.mutateAsync(revision.revision).then(
                (saved) => toast(t("trunk.history.rolledBack", { revision: saved.revision })),
                (error: unknown) => toast(faultText(asFault(error)).title),
              )
            }
          >
            <Button size="small" loading={back.isPending} aria-label={`${t("trunk.history.rollback")}: ${name}`}>
              {t("trunk.history.rollback")}
            </Button>
          </Popconfirm>
        )}
      </header>
      {revision.changed.length === 0 ? (
        <p className="muted">{t("trunk.history.first")}</p>
      ) : (
        <dl className="changes">
          {(revision.values ?? []).map(({ field, before, after }) => (
            <div key={field}>
              <dt>{fieldWord(t, field)}</dt>
              <dd>
                <del>
                  <span className="sr">{t("trunk.history.before")} </span>
                  {valueWord(t, field, before)}
                </del>
                <span aria-hidden="true">→</span>
                <ins>
                  <span className="sr">{t("trunk.history.after")} </span>
                  {valueWord(t, field, after)}
                </ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
