import Button from "antd/es/button";
import { useRouteError } from "react-router";
import { useText } from "../shared/i18n/use-text.ts";
import { Empty } from "../shared/ui/parts.tsx";

/** A page that broke takes nothing else with it. */
export function PageFailed() {
  const error = useRouteError();
  const { t } = useText();
  return (
    <div role="alert">
      <Empty
        icon="alert"
        title={t("common.fault.crashed")}
        hint={
          <>
            {t("common.fault.crashedHint")}
            <br />
            <code>{error instanceof Error ? error.message : String(error)}</code>
          </>
        }
        action={
          <Button type="primary" onClick={() => location.reload()}>
            {t("common.fault.reload")}
          </Button>
        }
      />
    </div>
  );
}
