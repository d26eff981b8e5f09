import type { Trunk, TrunkStatus } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import { Link, useNavigate } from "react-router";
import { useTrunks } from "../../shared/api/trunks.ts";
import { integer, latency } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { List } from "../../shared/ui/list.tsx";
import { Time } from "../../shared/ui/parts.tsx";
import type { Column } from "../../shared/ui/table.tsx";
import { useTrunkStatus } from "./api/trunk-status.ts";
import { TrunkStateMark } from "./trunk/trunk-state-mark.tsx";
import "./trunk/trunk.css";

/** Every trunk with its state as it moves; each leads to its own page. */
export function TrunksTab() {
  const { t } = useText();
  const navigate = useNavigate();
  const trunks = useTrunks();
  const status = useTrunkStatus().data;
  const columns = useColumns((id) => status?.find((each) => each.trunkId === id));
  const add = (
    <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => void navigate("/telephony/trunks/new")}>
      {t("telephony.add.trunks")}
    </Button>
  );
  const count = trunks.data?.length ?? 0;
  return (
    <List
      label={t("telephony.tab.trunks")}
      filters={<span className="muted">{t("common.shown", { count })}</span>}
      note={count > 0 && add}
      of={{ rows: trunks.data, error: trunks.error, refetch: trunks.refetch }}
      columns={columns}
      rowKey={(row) => row.id}
      to={(row) => pathOf(row)}
      filtered={false}
      empty={{
        icon: "telephony",
        title: t("telephony.empty.trunks"),
        hint: t("telephony.empty.trunksHint"),
        action: add,
      }}
    />
  );
}

const pathOf = (trunk: Trunk): string => `/telephony/trunks/${encodeURIComponent(trunk.id)}`;

function useColumns(statusOf: (id: string) => TrunkStatus | undefined): readonly Column<Trunk>[] {
  const { t, language } = useText();
  return [
    {
      key: "name",
      title: t("telephony.col.name"),
      width: "24%",
      render: (row) => (
        <span className="two-lines">
          <Link to={pathOf(row)} className="row-name">
            {row.name}
          </Link>
          <span className="subtle">
            {t(`trunk.template.${row.template}`)} · {t(`trunk.option.mode.${row.mode}`)}
          </span>
        </span>
      ),
    },
    {
      key: "state",
      title: t("telephony.col.state"),
      width: "22%",
      render: (row) => <TrunkStateMark status={statusOf(row.id)} enabled={row.enabled} />,
    },
    {
      key: "addresses",
      title: t("telephony.col.addresses"),
      render: (row) => (
        <span className="chips">
          {[...row.peers.map((peer) => peer.host), ...row.addresses].map((each) => (
            <code key={each}>{each}</code>
          ))}
          {row.username !== "" && <span className="muted">{row.username}</span>}
        </span>
      ),
    },
    {
      key: "options",
      title: t("trunk.status.options"),
      align: "end",
      wide: true,
      width: "110px",
      render: (row) => {
        const trip = statusOf(row.id)?.peers.find((peer) => peer.roundTripMs !== undefined)?.roundTripMs;
        return <span className="num">{trip === undefined ? "—" : latency(trip, language)}</span>;
      },
    },
    {
      key: "calls",
      title: t("telephony.col.calls"),
      align: "end",
      width: "110px",
      render: (row) => (
        <span className="num">
          {statusOf(row.id)?.callsNow ?? row.callsNow} / {integer(row.callsTotal, language)}
        </span>
      ),
    },
    {
      key: "last",
      title: t("telephony.col.last"),
      wide: true,
      width: "110px",
      render: (row) => (row.lastCallAt === undefined ? "—" : <Time at={row.lastCallAt} as="ago" />),
    },
  ];
}
