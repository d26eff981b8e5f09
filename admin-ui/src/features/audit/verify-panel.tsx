import Button from "antd/es/button";
import { integer, latency } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { FaultNotice } from "../../shared/ui/fault-notice.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Facts, fact, Panel, Time } from "../../shared/ui/parts.tsx";
import { toast } from "../../shared/ui/toast.tsx";
import { useCheckpoint, useVerify } from "./api/audit.ts";

export function VerifyPanel() {
  const { t, language } = useText();
  const verify = useVerify();
  const reply = verify.data;
  return (
    <Panel title={t("audit.verify")}>
      <Button
        type="primary"
        block
        icon={<Icon name="audit" size={15} />}
        loading={verify.isPending}
        onClick={() => verify.mutate()}
      >
        {t(verify.isPending ? "audit.verifying" : "audit.verify")}
      </Button>
      <div aria-live="polite" className="verify-result">
        {verify.error && <FaultNotice error={verify.error} />}
        {reply !== undefined &&
          (reply.ok ? (
            <p className="verify-good">
              <Icon name="check" />
              <span>
                {t("audit.verified", { size: integer(reply.size, language), ms: latency(reply.elapsedMs, language) })}
              </span>
            </p>
          ) : (
            <div className="verify-bad">
              <p className="fault-title">
                {t("audit.broken", { seq: reply.firstBad === undefined ? "—" : integer(reply.firstBad, language) })}
              </p>
              <p>{t("audit.brokenHint", { problem: reply.problem ?? "—" })}</p>
            </div>
          ))}
        {reply?.store !== undefined &&
          (reply.store.damaged.length === 0 && reply.store.problem === null ? (
            <p className="verify-good">
              <Icon name="check" />
              <span>{t("audit.storeGood", { records: integer(reply.store.records, language) })}</span>
            </p>
          ) : (
            <div className="verify-bad">
              <p className="fault-title">
                {reply.store.problem ?? t("audit.storeBad", { count: reply.store.damaged.length })}
              </p>
              <ul>
                {reply.store.damaged.slice(0, 20).map((each) => (
                  <li key={each.table + each.key}>
                    <code>
                      {each.table}/{each.key}
                    </code>{" "}
                    {each.problem}
                  </li>
                ))}
              </ul>
            </div>
          ))}
      </div>
    </Panel>
  );
}

export function CheckpointPanel() {
  const { t, language } = useText();
  return (
    <Panel title={t("audit.checkpoint")}>
      <Loaded of={useCheckpoint()}>
        {(checkpoint) => (
          <div className="checkpoint">
            <Facts
              items={[
                fact(t("audit.size"), <span className="num">{integer(checkpoint.size, language)}</span>),
                fact(t("audit.signedAt"), <Time at={checkpoint.at} />),
                fact(t("audit.rootHash"), <code title={checkpoint.rootHash}>{checkpoint.rootHash.slice(0, 20)}…</code>),
              ]}
            />
            <div className="checkpoint-side">
              <p className="subtle">{t("audit.checkpointHelp")}</p>
              <Button
                size="small"
                onClick={() =>
                  void navigator.clipboard.writeText(checkpoint.note).then(() => toast(t("common.copied")))
                }
              >
                {t("audit.copy")}
              </Button>
              <details>
                <summary className="subtle">{t("audit.note")}</summary>
                <pre className="pre">{checkpoint.note}</pre>
              </details>
            </div>
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
