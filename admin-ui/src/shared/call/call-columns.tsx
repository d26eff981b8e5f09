import type { CallAttempt } from "@intramuros/contracts/browser";
import { Link } from "react-router";
import { duration, latency } from "../format/time.ts";
import { useText } from "../i18n/use-text.ts";
import { Icon } from "../ui/icon.tsx";
import { Address, Time } from "../ui/parts.tsx";
import type { Column } from "../ui/table.tsx";
import { Mos } from "./mos.tsx";
import { VerdictLine } from "./verdict.tsx";
import "./call.css";

export const callPath = (sipCallId: string): string => `/calls/${encodeURIComponent(sipCallId)}`;

/** The columns of a list of calls; a trunk's own page leaves the trunk out. */
export function useCallColumns(trunkName: ((id: string) => string) | null): readonly Column<CallAttempt>[] {
  const { t, language } = useText();
  const columns: (Column<CallAttempt> | null)[] = [
    {
      key: "at",
      title: t("calls.col.at"),
      render: (row) => (
        <Link to={callPath(row.sipCallId)}>
          <Time at={row.at} as="moment" />
        </Link>
      ),
    },
    {
      key: "who",
      title: t("calls.col.who"),
      render: (row) => (
        <span className="call-who">
          <span className={`call-way call-${row.direction}`} title={t(`calls.direction.${row.direction}`)}>
            <Icon name={row.direction === "inbound" ? "in" : "out"} size={14} />
            <span className="sr">{t(`calls.direction.${row.direction}`)}</span>
          </span>
          <span className="call-ends">
            <Address value={row.from} /> → <Address value={row.to} />
          </span>
        </span>
      ),
    },
    trunkName === null
      ? null
      : {
          key: "trunk",
          title: t("calls.col.trunk"),
          wide: true,
          render: (row) => (row.trunkId === "" ? "—" : trunkName(row.trunkId)),
        },
    { key: "verdict", title: t("calls.col.verdict"), render: (row) => <VerdictLine attempt={row} /> },
    {
      key: "setup",
      title: t("calls.col.pdd"),
      align: "end",
      wide: true,
      render: (row) => <span className="num">{row.pddMs === undefined ? "—" : latency(row.pddMs, language)}</span>,
    },
    {
      key: "length",
      title: t("calls.col.length"),
      align: "end",
      render: (row) => (
        <span className="num">{row.durationMs === undefined ? "—" : duration(row.durationMs, language)}</span>
      ),
    },
    { key: "mos", title: "MOS", align: "end", render: (row) => <Mos value={row.mos} /> },
  ];
  return columns.filter((column) => column !== null);
}
