import type { Trunk } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Popconfirm from "antd/es/popconfirm";
import type { ComponentType } from "react";
import { Link, NavLink, useNavigate, useParams } from "react-router";
import { asFault } from "../../../shared/api/fault.ts";
import { useTrunks } from "../../../shared/api/trunks.ts";
import { useText } from "../../../shared/i18n/use-text.ts";
import { useFaultText } from "../../../shared/ui/fault-notice.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Loaded } from "../../../shared/ui/loaded.tsx";
import { Badge, Empty, PageHead } from "../../../shared/ui/parts.tsx";
import { toast } from "../../../shared/ui/toast.tsx";
import { useDeleteRecord } from "../api/records.ts";
import { useTrunkStatus } from "../api/trunk-status.ts";
import { TrunkDoctor } from "./trunk-doctor.tsx";
import { TrunkForm } from "./trunk-form.tsx";
import { TrunkHistory } from "./trunk-history.tsx";
import { TrunkSheet } from "./trunk-sheet.tsx";
import { TrunkState } from "./trunk-state.tsx";
import { TrunkStateMark } from "./trunk-state-mark.tsx";
import "../telephony.css";
import "./trunk.css";

const VIEWS: Readonly<Record<string, ComponentType<{ readonly trunk: Trunk }>>> = {
  state: TrunkState,
  form: TrunkForm,
  history: TrunkHistory,
  doctor: TrunkDoctor,
  sheet: TrunkSheet,
};

/** One trunk: its state first, then its settings, what they were before, a trial of it, and the sheet for the other side. */
export function TrunkPage() {
  const { t } = useText();
  const { id = "", view = "state" } = useParams();
  const trunks = useTrunks();
  const back = (
    <Link to="/telephony/trunks" className="back no-print">
      <Icon name="back" size={14} />
      {t("trunk.back")}
    </Link>
  );
  if (id === "new")
    return (
      <>
        {back}
        <PageHead title={t("trunk.new")} />
        <TrunkForm trunk={null} />
      </>
    );
  const current = view in VIEWS ? view : "state";
  const View = VIEWS[current];
  return (
    <>
      {back}
      <Loaded of={trunks}>
        {(list) => {
          const trunk = list.find((each) => each.id === id);
          if (trunk === undefined || View === undefined)
            return (
              <>
                <h1 className="sr">{t("common.fault.notFound")}</h1>
                <Empty icon="telephony" title={t("common.fault.notFound")} hint={t("common.fault.notFoundHint")} />
              </>
            );
          return (
            <>
              <Head trunk={trunk} />
              <nav className="tabs no-print" aria-label={trunk.name}>
                {Object.keys(VIEWS).map((each) => (
                  <NavLink
                    key={each}
                    to={`/telephony/trunks/${encodeURIComponent(id)}${each === "state" ? "" : `/${each}`}`}
                    end
                    aria-current={each === current ? "page" : undefined}
                  >
                    {t(`trunk.view.${each}`)}
                  </NavLink>
                ))}
              </nav>
              <View key={trunk.id} trunk={trunk} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function Head({ trunk }: { readonly trunk: Trunk }) {
  const { t } = useText();
  const status = useTrunkStatus().data?.find((each) => each.trunkId === trunk.id);
  const remove = useDeleteRecord("trunks");
  const words = useFaultText();
  const navigate = useNavigate();
  return (
    <div className="no-print">
      <PageHead
        title={trunk.name}
        lead={
          <span className="trunk-lead">
            <TrunkStateMark status={status} enabled={trunk.enabled} />
            <Badge>{t(`trunk.template.${trunk.template}`)}</Badge>
            <Badge>{t(`trunk.option.mode.${trunk.mode}`)}</Badge>
            {trunk.site !== "" && <span>{trunk.site}</span>}
            {trunk.note !== "" && <span>{trunk.note}</span>}
          </span>
        }
        actions={
          <Popconfirm
            title={t("telephony.deleteAsk", { name: trunk.name })}
            description={<div className="ask-then">{t("telephony.deleteThen.trunks")}</div>}
            okText={t("common.delete")}
            okButtonProps={{ danger: true }}
            onConfirm={() =>
              remove.mutateAsync(trunk.id).then(
                () => {
                  toast(t("common.deleted"));
                  void navigate("/telephony/trunks");
                },
                (error: unknown) => {
                  const { title, hint } = words(asFault(error));
                  toast(`${title} ${hint}`);
                },
              )
            }
          >
            <Button danger type="text" loading={remove.isPending}>
              {t("common.delete")}
            </Button>
          </Popconfirm>
        }
      />
    </div>
  );
}
