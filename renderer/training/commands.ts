import { CaseSensitive, Cpu, Database, Eye, GitBranch, History, Pause, PenLine, Play, RotateCcw, ScanEye, Square, StepForward } from "lucide-react";
import { nextToken } from "../../src/graph/next-token.ts";
import { canLookInside, lookInsideNode } from "../analysis/of-node.ts";
import { type Command, registerCommands } from "../commands/index.ts";
import { withServices } from "../host/services.ts";
import { useRuns } from "../runs/store.ts";
import { useDocument } from "../stores/document.ts";
import { notify, openDialog, useInterface } from "../stores/interface.ts";
import { planFault } from "./plan-fault.ts";
import { canContinue, useSession } from "./store.ts";
import { trainedKey } from "./trained.ts";

const trains = (): boolean => useSession.getState().state === "running";
const live = (): boolean => useSession.getState().live;
const ready = (): boolean => useDocument.getState().checked.ok && useDocument.getState().document.nodes.length > 0;

/** The shown run can go on, and is still of the open graph. */
const goesOn = (): boolean => canContinue(useSession.getState()) && useSession.getState().trainedKey === trainedKey(useDocument.getState().document);

function trainAfresh(): void {
  const { document, checked } = useDocument.getState();
  const fault = planFault(document, checked);
  if (fault === undefined) withServices(({ session }) => session.train(document));
  else notify({ tone: "info", text: fault });
}

/** What the primary button does: pause, go on, or train; with errors in the graph it shows them. */
export function trainOrPause(): void {
  if (trains()) withServices(({ session }) => session.pause());
  else if (goesOn()) withServices(({ session }) => session.resume());
  else if (ready()) trainAfresh();
  else useInterface.getState().showProblems(true);
}

const list: readonly Command[] = [
  {
    id: "view.tokens",
    title: "Byte-pair encoding, step by step",
    group: "View",
    icon: CaseSensitive,
    aliases: ["tokenizer", "bpe", "merges", "vocabulary", "tokens", "figure 12.8"],
    run: () => openDialog({ kind: "tokens" }),
  },
  {
    id: "run.write",
    title: "Write text with the network",
    group: "Run",
    icon: PenLine,
    aliases: ["generate", "sample", "prompt", "language model", "gpt", "beam", "temperature"],
    enabled: () => nextToken(useDocument.getState().checked) !== undefined,
    run: () => {
      useInterface.getState().showDesk("text");
      requestAnimationFrame(() => document.querySelector<HTMLElement>(".writing-settings textarea")?.focus());
    },
  },
  {
    id: "run.start",
    title: () => (trains() ? "Pause training" : goesOn() ? "Resume training" : "Train"),
    group: "Run",
    keys: "Mod+Shift+Enter",
    icon: Play,
    aliases: ["start", "fit", "learn", "resume"],
    enabled: () => useSession.getState().state !== "starting",
    run: trainOrPause,
  },
  {
    id: "run.pause",
    title: "Pause",
    group: "Run",
    icon: Pause,
    hidden: true,
    enabled: trains,
    run: () => withServices(({ session }) => session.pause()),
  },
  {
    id: "run.step",
    title: "One training step",
    group: "Run",
    keys: "F10",
    icon: StepForward,
    enabled: () => !trains() && (live() || goesOn()),
    run: () => withServices(({ session }) => session.step()),
  },
  {
    id: "run.stop",
    title: "Stop training",
    group: "Run",
    keys: "Mod+.",
    icon: Square,
    enabled: live,
    run: () => withServices(({ session }) => session.stop()),
  },
  {
    id: "run.again",
    title: "Train from the start",
    group: "Run",
    icon: RotateCcw,
    aliases: ["restart", "afresh"],
    enabled: () => ready() && !trains(),
    run: trainAfresh,
  },
  {
    id: "analyses.open",
    title: "Look inside…",
    group: "Run",
    keys: "Mod+I",
    icon: Eye,
    aliases: ["analyse", "feature maps", "visualise", "loss surface", "gradients", "saliency"],
    enabled: () => useDocument.getState().document.nodes.length > 0,
    run: () => openDialog({ kind: "analyses" }),
  },
  {
    id: "analyses.node",
    title: "Look inside this node",
    group: "Run",
    icon: ScanEye,
    aliases: ["feature maps", "visualise", "activations", "what units respond to"],
    enabled: canLookInside,
    run: lookInsideNode,
  },
  {
    id: "run.from",
    title: "Start from another run…",
    group: "Run",
    icon: GitBranch,
    aliases: ["fine-tune", "transfer", "pre-trained", "carry over weights", "freeze"],
    enabled: () => ready() && useRuns.getState().runs.some(({ checkpointStep }) => checkpointStep !== undefined),
    run: () => openDialog({ kind: "carry-over" }),
  },
  { id: "runs.show", title: "Show runs", group: "View", icon: History, run: () => useInterface.getState().showTab("runs") },
  { id: "data.show", title: "Show data sets", group: "View", icon: Database, run: () => useInterface.getState().showTab("data") },
  {
    id: "backends.open",
    title: "Choose the backend…",
    group: "Run",
    icon: Cpu,
    aliases: ["webgpu", "webgl", "wasm", "gpu"],
    run: () => openDialog({ kind: "backends" }),
  },
];

export const registerTrainingCommands = (): (() => void) => registerCommands(list);
