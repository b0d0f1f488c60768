import { formatBytes } from "../../src/tensor/bytes.ts";
import type { Forecast } from "../engine/api.ts";
import { useDocument } from "../stores/document.ts";
import { Button } from "../ui/index.ts";
import { useForecast } from "./forecast.ts";
import { needHelp, needText } from "./forecast-text.ts";
import { jumpToNode } from "./jump.ts";
import { setTraining } from "./settings-edits.ts";
import "./memory-need.css";

/** Under the training settings: what a run would need, why it cannot be, what would save memory. */
export function MemoryNeed() {
  const { forecast, pending } = useForecast();
  if (forecast === undefined) return <p className="memory-need">{pending ? "Predicting the memory …" : ""}</p>;
  if (forecast.refusal) return <MemoryRefusal forecast={forecast} pending={pending} />;
  const { recomputed } = forecast;
  return (
    <div className="memory-need" data-pending={pending}>
      <p title={needHelp(forecast)}>{needText(forecast)}.</p>
      {recomputed !== undefined && (
        <p>
          Recomputing activations would need {formatBytes(recomputed)}, and more time.{" "}
          <button type="button" className="link" onClick={recompute}>
            Recompute
          </button>
        </p>
      )}
    </div>
  );
}

/** The same in one line, where the desk waits for a run. */
export function MemoryLine({ forecast, pending }: { readonly forecast: Forecast | undefined; readonly pending: boolean }) {
  return (
    <span className="memory-need" data-pending={pending} title={forecast && needHelp(forecast)}>
      {forecast && `${needText(forecast)}.`}
    </span>
  );
}

/** Why the document cannot be trained here, and what to change. */
export function MemoryRefusal({ forecast, pending }: { readonly forecast: Forecast; readonly pending: boolean }) {
  const { refusal, recomputed } = forecast;
  if (refusal === undefined) return null;
  const { node } = refusal;
  return (
    <div className="memory-refusal" role="status" data-pending={pending}>
      <p>{refusal.message}</p>
      <p>{refusal.remedy}</p>
      <div className="memory-ways">
        {recomputed !== undefined && (
          <Button onClick={recompute} title="Needs less memory and more time; the numbers stay the same. Undo takes it back.">
            Recompute activations
          </Button>
        )}
        {node !== undefined && (
          <button type="button" className="link" onClick={() => jumpToNode(node)}>
            Show {node}
          </button>
        )}
      </div>
    </div>
  );
}

const recompute = (): void => useDocument.getState().edit("Recompute activations", setTraining({ recompute: true }));
