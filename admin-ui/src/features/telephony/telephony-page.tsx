import Button from "antd/es/button";
import { NavLink, useParams, useSearchParams } from "react-router";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { PageHead } from "../../shared/ui/parts.tsx";
import type { Kind } from "./api/records.ts";
import { CalendarsTab } from "./calendars-tab.tsx";
import { FlowsTab } from "./flows-tab.tsx";
import { NumbersTab } from "./numbers-tab.tsx";
import { PhonesTab } from "./phones-tab.tsx";
import { QueuesTab } from "./queues-tab.tsx";
import { TrunksTab } from "./trunks-tab.tsx";
import "./telephony.css";

const TABS = {
  trunks: TrunksTab,
  numbers: NumbersTab,
  flows: FlowsTab,
  calendars: CalendarsTab,
  queues: QueuesTab,
  phones: PhonesTab,
} as const;

export function TelephonyPage() {
  const { t } = useText();
  const { tab = "trunks" } = useParams();
  const [params, setParams] = useSearchParams();
  const current: Kind = tab in TABS ? (tab as Kind) : "trunks";
  const Tab = TABS[current];
  return (
    <>
      <PageHead
        title={t("shell.page.telephony")}
        lead={t("telephony.lead")}
        actions={
          <Button
            icon={<Icon name="phone" size={14} />}
            onClick={() => setParams({ ...Object.fromEntries(params), "test-call": "new" })}
          >
            {t("telephony.testCall")}
          </Button>
        }
      />
      <nav className="tabs" aria-label={t("shell.page.telephony")}>
        {(Object.keys(TABS) as Kind[]).map((each) => (
          <NavLink key={each} to={`/telephony/${each}`} aria-current={each === current ? "page" : undefined}>
            {t(`telephony.tab.${each}`)}
          </NavLink>
        ))}
      </nav>
      <Tab />
    </>
  );
}
