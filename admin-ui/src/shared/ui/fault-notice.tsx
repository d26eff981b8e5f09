import Button from "antd/es/button";
import { asFault, type Fault } from "../api/fault.ts";
import { useText } from "../i18n/use-text.ts";
import { Icon } from "./icon.tsx";

/** What happened and what to do, in the user's language where we know the fault. */
export function useFaultText(): (fault: Fault) => { readonly title: string; readonly hint: string } {
  const { t } = useText();
  return (fault) => {
    const known = t(`faults.${fault.code}.what`, { defaultValue: "" });
    if (known !== "") return { title: known, hint: t(`faults.${fault.code}.do`, { defaultValue: "" }) };
    if (fault.kind === "unreachable")
      return { title: t("common.fault.unreachable"), hint: t("common.fault.unreachableHint") };
    if (fault.kind === "timeout") return { title: t("common.fault.timeout"), hint: t("common.fault.timeoutHint") };
    if (fault.kind === "unreadable")
      return { title: t("common.fault.unreadable"), hint: t("common.fault.unreadableHint") };
    if (fault.status === 403) return { title: t("common.fault.forbidden"), hint: t("common.fault.forbiddenHint") };
    if (fault.status === 404) return { title: t("common.fault.notFound"), hint: t("common.fault.notFoundHint") };
    if (fault.status >= 500)
      return { title: t("common.fault.server"), hint: fault.hint || t("common.fault.serverHint") };
    return { title: fault.message || t("common.fault.refused"), hint: fault.hint };
  };
}

export function FaultNotice(props: {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly kept?: boolean;
}) {
  const { t } = useText();
  const text = useFaultText();
  const fault = asFault(props.error);
  const { title, hint } = text(fault);
  return (
    <div className="fault" role="alert">
      <Icon name="alert" size={18} />
      <div className="fault-words">
        <p className="fault-title">{title}</p>
        {hint !== "" && <p>{hint}</p>}
        {props.kept && <p>{t("common.fault.kept")}</p>}
        {fault.id !== "" && <p className="fault-id">{t("common.fault.id", { id: fault.id })}</p>}
      </div>
      {props.onRetry !== undefined && (
        <Button size="small" onClick={props.onRetry}>
          {t("common.retry")}
        </Button>
      )}
    </div>
  );
}
