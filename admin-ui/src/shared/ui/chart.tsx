import type { EChartsCoreOption } from "echarts/core";
import { lazy, Suspense } from "react";
import { Loading } from "./parts.tsx";

const ChartCanvas = lazy(async () => ({ default: (await import("./chart-canvas.tsx")).ChartCanvas }));

/** A chart, loaded when it is first needed. `label` says in a sentence what it shows, for those who do not see it. */
export function Chart(props: { readonly option: EChartsCoreOption; readonly height: number; readonly label: string }) {
  return (
    <div role="img" aria-label={props.label} style={{ height: props.height }}>
      <Suspense fallback={<Loading />}>
        <ChartCanvas option={props.option} />
      </Suspense>
    </div>
  );
}
