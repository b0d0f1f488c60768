import { type LucideIcon, Pause, Play, RotateCcw, Square, StepForward } from "lucide-react";
import { formatBytes } from "../../src/tensor/bytes.ts";
import { withServices } from "../host/services.ts";
import { useRuns } from "../runs/store.ts";
import { useDocument } from "../stores/document.ts";
import { Button, Tooltip } from "../ui/index.ts";
import { latestFigures } from "./curves.ts";
import { difference, keyFigure } from "./figures.ts";
import { formatCount, formatDuration, formatSpeed } from "./format.ts";
import { memoryHelp } from "./held.ts";
import { jumpToNode } from "./jump.ts";
import { resumeHelp, resumeLabel, trainHelp } from "./resume-text.ts";
import type { Session } from "./session.ts";
import { useStale } from "./stale.tsx";
import { canContinue, type SessionState, useSession } from "./store.ts";

/** Right of the curves: the figure that matters, how far the run is, how to steer it. */
export function RunFigures() {
  return (
    <div className="run-figures">
      <div className="run-told">
        <KeyFigure />
        <Failure />
        <Warning />
        <RunProgress />
      </div>
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
        <span className="run-name">{run && (run.from ? `${run.name}, from ${run.from.name}` : run.name)}</span>
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

function Warning() {
  const warning = useSession((session) => session.warning);
  return warning === undefined ? null : (
    <p className="run-warning" role="status">
      {warning}
    </p>
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
  const rows: [name: string, value: string, help?: string][] = [["Step", steps > 0 ? `${formatCount(step)} / ${formatCount(steps)}` : "–"]];
  if (progress) rows.push(["Epoch", formatCount(Math.floor(progress.epoch))], ["Speed", formatSpeed(progress.stepsPerSecond)]);
  if (progress && state === "running") rows.push(["Left", formatDuration(progress.secondsLeft)]);
  else if (run) rows.push(["Time", formatDuration(run.seconds)]);
  if (progress) rows.push(["Memory", formatBytes(progress.memory.bytes), memoryHelp(progress.memory)]);
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
        {rows.map(([name, value, help]) => (
          <div key={name} title={help}>
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
  const stale = useStale();
  const step = useSession((session) => (session.live ? (session.progress?.step ?? session.run?.step) : session.run?.checkpointStep));
  const ok = useDocument((document) => document.checked.ok);
  if (state === "idle" || state === "starting") return null;
  return (
    <div className="run-buttons" data-long={goesOn && stale}>
      {state === "running" ? (
        <RunButton label="Pause" help="Pause with a checkpoint" icon={Pause} run={(session) => session.pause()} />
      ) : goesOn ? (
        <RunButton label={resumeLabel(stale)} help={resumeHelp(step, stale)} icon={Play} run={(session) => session.resume()} />
      ) : (
        <RunButton
          label={stale ? "Train anew" : "Train again"}
          help={trainHelp(stale)}
          icon={RotateCcw}
          disabled={!ok}
          run={(session) => session.train(useDocument.getState().document)}
        />
      )}
      {(live || goesOn) && (
        <RunButton
          label="Step"
          help={stale ? "One training step of the graph as it was trained" : "One training step, then pause"}
          icon={StepForward}
          disabled={state === "running"}
          run={(session) => session.step()}
        />
      )}
      {(live || (goesOn && state !== "stopped")) && <RunButton label="Stop" help="End this run" icon={Square} run={(session) => session.stop()} />}
    </div>
  );
}

interface RunButtonProps {
  readonly label: string;
  readonly help: string;
  readonly icon: LucideIcon;
  readonly disabled?: boolean;
  readonly run: (session: Session) => unknown;
}

/** Where the panel is narrow, all but the first show their sign alone. */
function RunButton({ label, help, icon: Icon, disabled = false, run }: RunButtonProps) {
  return (
    <Tooltip text={help} side="top">
      <Button
        aria-label={label}
        icon={<Icon size={14} aria-hidden="true" />}
        disabled={disabled}
        onClick={() => withServices(({ session }) => run(session))}
      >
        <span className="run-word">{label}</span>
      </Button>
    </Tooltip>
  );
}
