import type { ProcessState, SystemReply } from "@intramuros/contracts/browser";
import { useEffect, useMemo, useState } from "react";
import { useSystem } from "../../shared/api/system.ts";
import { bytes, duration, integer, percent } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { useTheme } from "../../shared/theme/theme-context.tsx";
import { colours } from "../../shared/theme/tokens.ts";
import { AlarmLine } from "../../shared/ui/alarm.tsx";
import { Chart } from "../../shared/ui/chart.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { useNow } from "../../shared/ui/now.ts";
import { Facts, fact, PageHead, Panel, Status, Time } from "../../shared/ui/parts.tsx";
import { type Column, Table } from "../../shared/ui/table.tsx";
import { addReading, type Reading } from "./history.ts";
import "./system.css";

export function SystemPage() {
  const { t } = useText();
  return (
    <>
      <PageHead title={t("shell.page.system")} lead={t("system.lead")} />
      <Loaded of={useSystem()}>{(system) => <Body system={system} />}</Loaded>
    </>
  );
}

function Body({ system }: { readonly system: SystemReply }) {
  const { t, language } = useText();
  const { host, load, audit, store, addresses } = system;
  return (
    <>
      {system.alarms.length > 0 && (
        <ul className="alarms" aria-label={t("overview.alarms")}>
          {system.alarms.map((alarm) => (
            <AlarmLine key={`${alarm.code}${JSON.stringify(alarm.values)}`} alarm={alarm} />
          ))}
        </ul>
      )}
      <div className="gauges">
        <Gauge label={t("system.cpu")} share={load.cpuPercent / 100} detail={t("system.cores", { n: host.cores })} />
        <Gauge
          label={t("system.memory")}
          share={load.memoryUsedBytes / Math.max(1, load.memoryTotalBytes)}
          detail={`${bytes(load.memoryUsedBytes)} / ${bytes(load.memoryTotalBytes)}`}
        />
        <Gauge
          label={t("system.disk")}
          share={load.diskUsedBytes / Math.max(1, load.diskTotalBytes)}
          detail={`${bytes(load.diskUsedBytes)} / ${bytes(load.diskTotalBytes)}`}
        />
      </div>
      <Panel title={t("system.processes")} flush className="system-space">
        <Processes processes={system.processes} />
      </Panel>
      <div className="system-grid">
        <Load system={system} />
        <Panel title={t("system.addresses")}>
          <Facts
            items={[
              fact(t("system.console"), <code>{addresses.console}</code>),
              fact(
                t("system.sip"),
                <>
                  {addresses.sip.map((each) => (
                    <div key={each}>
                      <code>{each}</code>
                    </div>
                  ))}
                  <span className="subtle">{t("system.copySip")}</span>
                </>,
              ),
            ]}
          />
        </Panel>
        <Panel title={t("system.host")}>
          <Facts
            items={[
              fact(t("system.host"), host.hostname),
              fact(t("system.os"), host.os),
              fact(t("system.kernel"), host.kernel),
              fact(t("system.cpu"), host.cpu),
              fact(t("system.uptime"), <span className="num">{duration(host.uptimeSeconds * 1000, language)}</span>),
              fact(t("system.version"), system.version),
              fact(t("system.node"), system.node),
            ]}
          />
        </Panel>
        <Panel title={`${t("system.store")} · ${t("system.audit")}`}>
          <Facts
            items={[
              fact(t("system.records"), <span className="num">{integer(store.records, language)}</span>),
              fact(t("system.size"), <span className="num">{bytes(store.bytes)}</span>),
              fact(t("system.entries"), <span className="num">{integer(audit.entries, language)}</span>),
              fact(
                t("system.checkpoint"),
                audit.lastCheckpointAt === undefined ? (
                  t("system.never")
                ) : (
                  <Time at={audit.lastCheckpointAt} as="ago" />
                ),
              ),
            ]}
          />
        </Panel>
      </div>
    </>
  );
}

function Gauge(props: { readonly label: string; readonly share: number; readonly detail: string }) {
  const tone = props.share >= 0.95 ? "bad" : props.share >= 0.85 ? "warn" : "good";
  return (
    <div className={`gauge gauge-${tone}`}>
      <div className="gauge-head">
        <span>{props.label}</span>
        <strong className="num">{percent(props.share)}</strong>
      </div>
      <div className="gauge-bar" aria-hidden="true">
        <span style={{ width: percent(Math.min(1, props.share)) }} />
      </div>
      <span className="subtle num">{props.detail}</span>
    </div>
  );
}

const TONES = { up: "good", degraded: "warn", down: "bad" } as const;

function Processes({ processes }: { readonly processes: readonly ProcessState[] }) {
  const { t, language } = useText();
  const now = useNow();
  const columns: readonly Column<ProcessState>[] = [
    {
      key: "process",
      title: t("system.col.process"),
      render: (row) => (
        <>
          <strong className="row-name">{t(`system.process.${row.name}`)}</strong>{" "}
          <code className="muted">{row.name}</code>
        </>
      ),
    },
    {
      key: "state",
      title: t("system.col.state"),
      render: (row) => <Status tone={TONES[row.state]}>{t(`system.state.${row.state}`)}</Status>,
    },
    {
      key: "since",
      title: t("system.col.since"),
      render: (row) => <span className="num">{duration(now - row.since, language)}</span>,
    },
    {
      key: "problem",
      title: t("system.col.problem"),
      render: (row) => <span className={row.problem === "" ? "muted" : "warn-words"}>{row.problem || "—"}</span>,
    },
    {
      key: "cpu",
      title: t("system.col.cpu"),
      align: "end",
      wide: true,
      render: (row) => (
        <span className="num">{row.cpuPercent === undefined ? "—" : `${row.cpuPercent.toFixed(1)}%`}</span>
      ),
    },
    {
      key: "memory",
      title: t("system.col.memory"),
      align: "end",
      render: (row) => <span className="num">{row.rssBytes === undefined ? "—" : bytes(row.rssBytes)}</span>,
    },
    {
      key: "pid",
      title: t("system.col.pid"),
      align: "end",
      wide: true,
      render: (row) => <span className="num muted">{row.pid ?? "—"}</span>,
    },
  ];
  return <Table label={t("system.processes")} columns={columns} rows={processes} rowKey={(row) => row.name} />;
}

/** Kept outside the component, so that a look at another page does not lose the line. */
let history: readonly Reading[] = [];

function Load({ system }: { readonly system: SystemReply }) {
  const { t } = useText();
  const { name } = useTheme();
  const [readings, setReadings] = useState(history);
  useEffect(() => {
    history = addReading(history, {
      at: Date.now(),
      cpuPercent: system.load.cpuPercent,
      memoryPercent: (100 * system.load.memoryUsedBytes) / Math.max(1, system.load.memoryTotalBytes),
    });
    setReadings(history);
  }, [system]);
  const option = useMemo(() => {
    const set = colours[name];
    const line = (label: string, pick: (reading: Reading) => number) => ({
      name: label,
      type: "line",
      showSymbol: readings.length < 2,
      symbolSize: 5,
      lineStyle: { width: 2 },
      data: readings.map((reading) => [reading.at, Math.round(pick(reading) * 10) / 10]),
    });
    return {
      animation: false,
      textStyle: { color: set["text-3"] },
      color: [set.accent, set.good],
      grid: { left: 34, right: 10, top: 30, bottom: 22 },
      legend: {
        right: 0,
        top: 0,
        itemWidth: 12,
        itemHeight: 3,
        icon: "rect",
        textStyle: { color: set["text-2"], fontSize: 12 },
      },
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        backgroundColor: set["surface-2"],
        borderColor: set["line-strong"],
        textStyle: { color: set.text, fontSize: 12 },
      },
      xAxis: {
        type: "time",
        // a line of one reading would stretch over days
        min: Math.min(readings[0]?.at ?? 0, (readings.at(-1)?.at ?? 0) - 300_000),
        axisLine: { lineStyle: { color: set.line } },
        axisLabel: { color: set["text-3"], fontSize: 11, hideOverlap: true },
        splitNumber: 4,
      },
      yAxis: {
        type: "value",
        min: 0,
        max: 100,
        interval: 25,
        splitLine: { lineStyle: { color: set.line } },
        axisLabel: { color: set["text-3"], fontSize: 11, formatter: "{value}%" },
      },
      series: [
        line(t("system.cpu"), (reading) => reading.cpuPercent),
        line(t("system.memory"), (reading) => reading.memoryPercent),
      ],
    };
  }, [readings, name, t]);
  const last = readings.at(-1);
  return (
    <Panel title={t("system.load")} extra={t("system.history")}>
      <Chart
        option={option}
        height={190}
        label={`${t("system.load")}: ${t("system.cpu")} ${Math.round(last?.cpuPercent ?? 0)}%, ${t("system.memory")} ${Math.round(last?.memoryPercent ?? 0)}%`}
      />
    </Panel>
  );
}
