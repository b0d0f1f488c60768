import { Download, Eye, Pause, Play } from "lucide-react";
import { useBackend } from "../engine/backends.ts";
import { useServices, withServices } from "../host/services.ts";
import { useDocument } from "../stores/document.ts";
import { notify, openDialog, useInterface } from "../stores/interface.ts";
import { Button, IconButton, Tooltip } from "../ui/index.ts";
import { plural } from "./format.ts";
import { usePlanFault } from "./plan-fault.ts";
import { resumeHelp, trainHelp } from "./resume-text.ts";
import { useStale } from "./stale.tsx";
import { canContinue, useSession } from "./store.ts";
import "./controls.css";

/** Top right: which backend trains, take the model away, train. */
export function RunControls() {
  const empty = useDocument((state) => state.document.nodes.length === 0);
  return (
    <div className="run-controls">
      <BackendChip />
      <IconButton label="Look inside" keys="Mod+I" disabled={empty} onClick={() => openDialog({ kind: "analyses" })}>
        <Eye size={16} />
      </IconButton>
      <Button icon={<Download size={14} />} disabled={empty} onClick={() => openDialog({ kind: "export" })}>
        Export…
      </Button>
      <TrainButton />
    </div>
  );
}

function BackendChip() {
  const { state, report, fault } = useBackend((backend) => backend);
  const running = useSession((session) => (session.live ? session.run?.backend : undefined));
  const connected = useServices((services) => services.services !== undefined);
  const text = state === "failed" ? "No backend" : report === undefined ? "Measuring backends …" : (running ?? report.label);
  const measured = report?.measured.find((one) => one.name === report.chosen)?.small?.milliseconds;
  const hint =
    fault ??
    (measured === undefined
      ? "Backends: what was measured, and which to use"
      : `Measured: ${measured.toFixed(1)} ms a step of a small network. Click for all backends.`);
  return (
    <Tooltip text={hint}>
      <button type="button" className="backend-chip" data-state={state} disabled={!connected} onClick={() => openDialog({ kind: "backends" })}>
        <i aria-hidden="true" />
        {text}
      </button>
    </Tooltip>
  );
}

/** The one primary button: Train, Pause or Resume; with errors in the graph it shows them instead. */
function TrainButton() {
  const state = useSession((session) => session.state);
  const goesOn = useSession(canContinue);
  const stale = useStale();
  const step = useSession((session) => (session.live ? (session.progress?.step ?? session.run?.step) : session.run?.checkpointStep));
  const errors = useDocument((document) => document.checked.problems.filter((problem) => problem.severity === "error").length);
  const empty = useDocument((document) => document.document.nodes.length === 0);
  const connected = useServices((services) => services.services !== undefined);
  const showProblems = useInterface((ui) => ui.showProblems);
  const fault = usePlanFault();
  if (state === "running")
    return (
      <Button tone="primary" className="train-button" icon={<Pause size={14} />} onClick={() => withServices(({ session }) => session.pause())}>
        Pause
      </Button>
    );
  if (goesOn && !stale)
    return (
      <Tooltip text={resumeHelp(step, false)}>
        <Button tone="primary" className="train-button" icon={<Play size={14} />} onClick={() => withServices(({ session }) => session.resume())}>
          Resume
        </Button>
      </Tooltip>
    );
  const why = empty ? "Add a data set, a network and a loss first" : errors > 0 ? `${plural(errors, "problem")} to mend first: click to see` : fault;
  const button = (
    <Button
      tone={why === undefined ? "primary" : "plain"}
      className="train-button"
      icon={<Play size={14} />}
      disabled={!connected || state === "starting"}
      onClick={() => {
        if (why === undefined) withServices(({ session }) => session.train(useDocument.getState().document));
        else if (errors > 0) showProblems(true);
        else notify({ tone: "info", text: why });
      }}
    >
      {state === "starting" ? "Preparing …" : "Train"}
    </Button>
  );
  const help = why ?? (goesOn ? `${trainHelp(true)}. The run below can still be resumed as it was trained.` : undefined);
  return help === undefined ? button : <Tooltip text={help}>{button}</Tooltip>;
}
