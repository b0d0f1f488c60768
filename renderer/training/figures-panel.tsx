import { Pause, Play, RotateCcw } from "lucide-react";
import { withServices } from "../host/services.ts";
import { useRuns } from "../runs/store.ts";
import { useDocument } from "../stores/document.ts";
import { Button } from "../ui/index.ts";
import { latestFigures } from "./curves.ts";
import { difference, keyFigure } from "./figures.ts";
import { formatBytes, formatCount, formatDuration, formatSpeed } from "./format.ts";
import { jumpToNode } from "./jump.ts";
import { canContinue, type SessionState, useSession } from "./store.ts";

/** Right of the curves: the figure that matters, how far the run is, how to steer it. */
export function RunFigures() {
  return (
    <div className="run-figures">
      <KeyFigure />
      <Failure />
      <RunProgress />
      <RunButtons />
    </div>
  );
}

function KeyFigure() {
  const curves = useSession((session) => session.curves);
  const document = useSession((session) => session.document);
  const run = useSession((session) => session.run);
  useSession((session) => session.revision);
  const compared = useRuns((runs) => runs.compared);
  const figure = keyFigure(latestFigures(curves), document);
  if (figure === undefined) return run ? <p className="run-title">{run.name}</p> : null;
  const other = compared.find((candidate) => candidate.id !== run?.id);
  const theirs = other && keyFigure(other.figures, other.document);
  const change = theirs && theirs.title === figure.title ? difference(figure, theirs) : undefined;
  return (
    <div className="key-figure">
      <p className="run-title">
        {figure.title}
        <span className="run-name">{run?.name}</span>
      </p>
      <p className="key-value">
        {figure.text}
        {change && (
          <span className="key-change" data-tone={change.tone}>
            {change.text} vs {other?.name}
          </span>
        )}
      </p>
    </div>
  );
}

function Failure() {
  const failure = useSession((session) => session.failure);
  if (failure === undefined) return null;
  const { node } = failure;
  return (
    <div className="run-failure" role="alert">
      <p>{failure.message}</p>
      {failure.remedy && <p>{failure.remedy}</p>}
      {node !== undefined && (
        <button type="button" className="link" onClick={() => jumpToNode(node)}>
          Show {node}
        </button>
      )}
    </div>
  );
}

const stateWords: Readonly<Record<SessionState, string>> = {
  idle: "Not trained",
  starting: "Preparing …",
  running: "Training",
  paused: "Paused",
  finished: "Finished",
  stopped: "Stopped",
  failed: "Failed",
  interrupted: "Interrupted",
};

function RunProgress() {
  const state = useSession((session) => session.state);
  const run = useSession((session) => session.run);
  const progress = useSession((session) => session.progress);
  const step = progress?.step ?? run?.step ?? 0;
  const steps = progress?.steps ?? run?.steps ?? 0;
  const share = steps > 0 ? Math.min(1, step / steps) : 0;
  const rows: [string, string][] = [["Step", steps > 0 ? `${formatCount(step)} / ${formatCount(steps)}` : "–"]];
  if (progress) rows.push(["Epoch", formatCount(Math.floor(progress.epoch))], ["Speed", formatSpeed(progress.stepsPerSecond)]);
  if (progress && state === "running") rows.push(["Left", formatDuration(progress.secondsLeft)]);
  else if (run) rows.push(["Time", formatDuration(run.seconds)]);
  if (progress) rows.push(["Memory", `${formatBytes(progress.memory.bytes)} · ${formatCount(progress.memory.tensors)} tensors`]);
  else if (run) rows.push(["Backend", run.backend]);
  if (!progress && run?.checkpointStep !== undefined) rows.push(["Checkpoint", `step ${formatCount(run.checkpointStep)}`]);
  return (
    <div className="run-progress">
      <div className="run-state" data-state={state}>
        <span role="status">{stateWords[state]}</span>
        <span>{steps > 0 ? `${Math.floor(share * 100)} %` : ""}</span>
      </div>
      <div className="progress" role="progressbar" aria-label="Steps done" aria-valuenow={step} aria-valuemin={0} aria-valuemax={steps}>
        <i style={{ width: `${share * 100}%` }} data-state={state} />
      </div>
      <dl className="run-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function RunButtons() {
  const state = useSession((session) => session.state);
  const live = useSession((session) => session.live);
  const goesOn = useSession(canContinue);
  const ok = useDocument((document) => document.checked.ok);
  if (state === "idle" || state === "starting") return null;
  const icon = { size: 14, "aria-hidden": true } as const;
  return (
    <div className="run-buttons">
      {state === "running" ? (
        <Button icon={<Pause {...icon} />} onClick={() => withServices(({ session }) => session.pause())}>
          Pause
        </Button>
      ) : goesOn ? (
        <Button icon={<Play {...icon} />} onClick={() => withServices(({ session }) => session.resume())}>
          Resume
        </Button>
      ) : (
        <Button
          icon={<RotateCcw {...icon} />}
          disabled={!ok}
          onClick={() => withServices(({ session }) => session.train(useDocument.getState().document))}
        >
          Train again
        </Button>
      )}
      {(live || goesOn) && (
        <Button disabled={state === "running"} onClick={() => withServices(({ session }) => session.step())}>
          Step
        </Button>
      )}
      {(live || (goesOn && state !== "stopped")) && <Button onClick={() => withServices(({ session }) => session.stop())}>Stop</Button>}
    </div>
  );
}
