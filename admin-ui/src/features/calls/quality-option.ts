import type { DirectionQuality } from "@intramuros/contracts/browser";
import type { EChartsCoreOption } from "echarts/core";
import type { Language } from "../../shared/format/time.ts";
import { clockTime } from "../../shared/format/time.ts";
import { colours, type ThemeName } from "../../shared/theme/tokens.ts";

/** ITU-T G.107: the scale of a narrow-band call. */
const MOS_MIN = 1;
const MOS_MAX = 4.5;

/** Jitter and MOS as lines and loss as bars over the time of the call: what a bad minute looks like. */
export function qualityOption(
  quality: Pick<DirectionQuality, "samples">,
  look: {
    readonly theme: ThemeName;
    readonly language: Language;
    readonly words: { readonly jitter: string; readonly lost: string; readonly mos: string };
  },
): EChartsCoreOption {
  const set = colours[look.theme];
  const { samples } = quality;
  const lostPercent = samples.map(({ packets, lost }) =>
    packets + lost === 0 ? 0 : Number(((100 * lost) / (packets + lost)).toFixed(2)),
  );
  return {
    animation: false,
    grid: { left: 40, right: 36, top: 26, bottom: 22 },
    legend: { top: 0, right: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: set["text-2"], fontSize: 11 } },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      backgroundColor: set["surface-2"],
      borderColor: set["line-strong"],
      textStyle: { color: set.text, fontSize: 12 },
    },
    xAxis: {
      type: "category",
      data: samples.map(({ at }) => clockTime(at, look.language)),
      axisLabel: { color: set["text-3"], fontSize: 10, hideOverlap: true },
      axisLine: { lineStyle: { color: set["line-strong"] } },
      axisTick: { show: false },
    },
    yAxis: [
      {
        type: "value",
        min: 0,
        axisLabel: { color: set["text-3"], fontSize: 10 },
        splitLine: { lineStyle: { color: set.line } },
      },
      {
        type: "value",
        min: 0,
        minInterval: 1,
        axisLabel: { color: set["text-3"], fontSize: 10, formatter: "{value}%" },
        splitLine: { show: false },
      },
      { type: "value", min: MOS_MIN, max: MOS_MAX, show: false },
    ],
    series: [
      {
        name: look.words.mos,
        type: "line",
        yAxisIndex: 2,
        data: samples.map(({ mos }) => (mos === undefined ? null : Number(mos.toFixed(2)))),
        symbol: "none",
        lineStyle: { color: set.good, width: 1.5, type: "dashed" },
        itemStyle: { color: set.good },
      },
      {
        name: look.words.jitter,
        type: "line",
        data: samples.map(({ jitterMs }) => Number(jitterMs.toFixed(1))),
        symbol: samples.length < 3 ? "circle" : "none",
        lineStyle: { color: set.accent, width: 1.5 },
        itemStyle: { color: set.accent },
      },
      {
        name: look.words.lost,
        type: "bar",
        yAxisIndex: 1,
        barMaxWidth: 8,
        data: lostPercent,
        itemStyle: { color: set["mood-angry"] },
      },
    ],
  };
}
