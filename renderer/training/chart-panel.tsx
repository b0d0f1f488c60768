import { useState } from "react";
import { useRuns } from "../runs/store.ts";
import { Chart, formatMeasure } from "./chart.tsx";
import type { Measure } from "./figures.ts";
import { formatCount } from "./format.ts";
import { linesFor, valueAt } from "./lines.ts";
import { useSession } from "./store.ts";

interface Props {
  readonly measure: Measure;
  /** Its name stands over it: where there are several charts. */
  readonly titled: boolean;
  readonly log: boolean;
  readonly smoothing: number;
  readonly resetKey: number;
  readonly onZoom: (zoomed: boolean) => void;
}

/** One measure: its legend with the latest values, or those under the pointer, and its curves. */
export function ChartPanel({ measure, titled, log, smoothing, resetKey, onZoom }: Props) {
  const curves = useSession((session) => session.curves);
  const revision = useSession((session) => session.revision);
  const compared = useRuns((runs) => runs.compared);
  const [step, setStep] = useState<number>();
  const lines = linesFor(measure, curves, compared);
  return (
    <figure className="chart-panel">
      <figcaption className="chart-legend">
        {titled && <b>{measure.title}</b>}
        {lines.map((line) => {
          const value = step === undefined ? line.series.values.at(-1) : valueAt(line.series, step);
          return (
            <span key={line.id} className="legend-entry">
              <i data-dashed={line.dashed} style={{ borderColor: `var(${line.colour})` }} aria-hidden="true" />
              {line.label} <span className="legend-value">{value === undefined ? "–" : formatMeasure(value, measure.share)}</span>
            </span>
          );
        })}
        {step !== undefined && <span className="legend-step">step {formatCount(step)}</span>}
      </figcaption>
      <Chart
        title={measure.title}
        lines={lines}
        log={log}
        smoothing={smoothing}
        share={measure.share}
        revision={revision}
        resetKey={resetKey}
        onCursor={setStep}
        onZoom={onZoom}
      />
    </figure>
  );
}
