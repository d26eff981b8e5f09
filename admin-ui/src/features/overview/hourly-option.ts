import type { Overview } from "@intramuros/contracts/browser";
import type { EChartsCoreOption } from "echarts/core";
import { colours, type ThemeName } from "../../shared/theme/tokens.ts";

export interface HourlyWords {
  readonly calls: string;
  readonly chats: string;
  readonly upset: string;
}

/** Calls and chats stacked by hour, and how many were angry or anxious as a line over them. */
export function hourlyOption(props: {
  readonly hourly: Overview["hourly"];
  readonly theme: ThemeName;
  readonly words: HourlyWords;
  readonly still: boolean;
}): EChartsCoreOption {
  const set = colours[props.theme];
  const hour = (at: number) => `${String(new Date(at).getHours()).padStart(2, "0")}:00`;
  const axis = { axisLine: { lineStyle: { color: set.line } }, axisTick: { show: false } };
  return {
    animation: !props.still,
    animationDuration: 250,
    textStyle: { color: set["text-3"] },
    color: [set.accent, props.theme === "dark" ? "#2f5f8f" : "#9cc0e6", set["mood-angry"]],
    grid: { left: 30, right: 8, top: 30, bottom: 22 },
    legend: {
      right: 0,
      top: 0,
      itemWidth: 10,
      itemHeight: 10,
      icon: "roundRect",
      textStyle: { color: set["text-2"], fontSize: 12 },
    },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: set["surface-2"],
      borderColor: set["line-strong"],
      textStyle: { color: set.text, fontSize: 12 },
      axisPointer: { type: "shadow", shadowStyle: { color: set.hover, opacity: 0.5 } },
    },
    xAxis: {
      type: "category",
      data: props.hourly.map((each) => hour(each.hourStart)),
      axisLabel: { color: set["text-3"], fontSize: 11 },
      ...axis,
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitLine: { lineStyle: { color: set.line } },
      axisLabel: { color: set["text-3"], fontSize: 11 },
    },
    series: [
      {
        name: props.words.calls,
        type: "bar",
        stack: "all",
        data: props.hourly.map((each) => each.calls),
        barMaxWidth: 22,
      },
      {
        name: props.words.chats,
        type: "bar",
        stack: "all",
        data: props.hourly.map((each) => each.chats),
        barMaxWidth: 22,
        itemStyle: { borderRadius: [2, 2, 0, 0] },
      },
      {
        name: props.words.upset,
        type: "line",
        symbolSize: 5,
        showSymbol: false,
        lineStyle: { width: 2 },
        data: props.hourly.map((each) => each.angry + each.anxious),
      },
    ],
  };
}
