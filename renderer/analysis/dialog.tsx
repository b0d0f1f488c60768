import { Eye, Play, Plus, Square, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Analysis } from "../../src/document/schema.ts";
import type { Checked } from "../../src/graph/types.ts";
import { useDocument } from "../stores/document.ts";
import { openDialog } from "../stores/interface.ts";
import { trainOrPause } from "../training/commands.ts";
import { jumpToNode } from "../training/jump.ts";
import { useSession } from "../training/store.ts";
import { Button, Dialog, EmptyState, IconButton, Menu } from "../ui/index.ts";
import { addAnalysis, removeAnalysis } from "./edits.ts";
import { Findings } from "./findings.tsx";
import { AnalysisSettings } from "./settings.tsx";
import { giveUp, type Look, look, lookedAtRun, lookKey, running, useLooks } from "./store.ts";
import { analysisTypes, outputsFor } from "./types.ts";
import "./analysis.css";

const none: readonly Analysis[] = [];

/** The analyses that the document lists: what each shows, with what settings, and how to add one. */
export function AnalysisDialog({ chosen: first = 0 }: { chosen?: number | undefined }) {
  const analyses = useDocument((state) => state.document.analyses ?? none);
  const [chosen, setChosen] = useState(first);
  const at = Math.min(chosen, analyses.length - 1);
  const analysis = analyses[at];
  const add = (type: Analysis["type"]) => {
    const made = begin(type, useDocument.getState().checked);
    if (made === undefined) return;
    useDocument.getState().edit(`Add ${analysisTypes[type].title.toLowerCase()}`, addAnalysis(made));
    setChosen(analyses.length);
  };
  return (
    <Dialog title="Look inside" about={useAbout()} size="large" onClose={() => openDialog(null)}>
      <div className="analysis-dialog">
        <div className="analysis-list">
          {analyses.map((one, i) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: an analysis is its place in the document
              key={i}
              type="button"
              className="analysis-item"
              aria-current={i === at}
              {...(i === at && { "data-autofocus": true })}
              onClick={() => setChosen(i)}
            >
              <b>{analysisTypes[one.type].title}</b>
              <span>{one.name ?? subjectOf(one)}</span>
            </button>
          ))}
          <AddMenu onAdd={add} />
        </div>
        {analysis === undefined ? (
          <EmptyState icon={<Eye size={22} />} title="Nothing is looked at yet">
            Add an analysis: what a layer sees, what its units respond to, how the loss lies around the weights.
          </EmptyState>
        ) : (
          <Opened key={`${at} ${analysis.type}`} analysis={analysis} index={at} />
        )}
      </div>
    </Dialog>
  );
}

/** Whose weights are looked at. */
function useAbout(): string {
  useSession((session) => session.run);
  useDocument((state) => state.document);
  const run = lookedAtRun();
  if (run) return `With the weights of ${run.name}, as they are now.`;
  return "With first weights: this network has not been trained since it was opened or altered.";
}

function AddMenu({ onAdd }: { onAdd: (type: Analysis["type"]) => void }) {
  const checked = useDocument((state) => state.checked);
  const types = Object.keys(analysisTypes) as Analysis["type"][];
  return (
    <Menu
      trigger={
        <Button icon={<Plus size={14} />} className="analysis-add">
          Add an analysis
        </Button>
      }
      items={types.map((type) => ({
        label: analysisTypes[type].title,
        disabled: begin(type, checked) === undefined,
        run: () => onAdd(type),
      }))}
    />
  );
}

function Opened({ analysis, index }: { analysis: Analysis; index: number }) {
  const found: Look | undefined = useLooks((state) => state.looks[lookKey(analysis)]);
  const busy = useLooks(() => running() !== undefined);
  const fine = useDocument((state) => state.checked.ok);
  return (
    <div className="analysis-open">
      <div className="analysis-head">
        <p>{analysisTypes[analysis.type].help}</p>
        {found?.state === "running" ? (
          <Button icon={<Square size={13} />} onClick={giveUp}>
            Stop
          </Button>
        ) : (
          <Button tone="primary" icon={<Eye size={14} />} disabled={busy || !fine} onClick={() => void look(analysis)}>
            {found ? "Look again" : "Look"}
          </Button>
        )}
        <IconButton
          label="Remove this analysis"
          onClick={() => useDocument.getState().edit(`Remove ${analysisTypes[analysis.type].title.toLowerCase()}`, removeAnalysis(index))}
        >
          <Trash2 size={15} />
        </IconButton>
      </div>
      <AnalysisSettings analysis={analysis} index={index} />
      {fine && <TrainFirst />}
      {!fine && <p className="analysis-quiet">The graph has problems: mend them first.</p>}
      <div aria-live="polite">{found && <Outcome found={found} />}</div>
    </div>
  );
}

/** Where first weights would be looked at: the way to trained ones. */
function TrainFirst() {
  useSession((session) => session.run);
  // A run that goes on is of another graph: the button of the toolbar pauses it.
  const busy = useSession((session) => session.state === "running");
  const trainable = useDocument((state) => (state.document.training?.phases?.length ?? 0) > 0);
  if (!trainable || busy || lookedAtRun() !== undefined) return null;
  const train = () => {
    openDialog(null);
    trainOrPause();
  };
  return (
    <div className="analysis-untrained">
      <p>This network is not trained yet: what its units see so far is chance.</p>
      <Button icon={<Play size={13} />} onClick={train}>
        Train it first
      </Button>
    </div>
  );
}

function Outcome({ found }: { found: Look }) {
  if (found.state === "done") return <Findings result={found.result} weights={found.weights} />;
  if (found.state === "running") return <progress className="analysis-progress" max={1} value={found.done} aria-label="How much is done" />;
  const { message, node } = found;
  const show = () => {
    openDialog(null);
    if (node !== undefined) jumpToNode(node);
  };
  return (
    <p className="analysis-failed" role="alert">
      {message}{" "}
      {node !== undefined && (
        <button type="button" className="link" onClick={show}>
          Show {node}
        </button>
      )}
    </p>
  );
}

/** What is looked at, in a few words. */
function subjectOf(analysis: Analysis): string {
  switch (analysis.type) {
    case "variance":
      return analysis.blocks?.join(", ") ?? "all repeated blocks";
    case "loss-surface":
      return analysis.loss;
    case "inversion":
    case "gradient-correlation":
      return analysis.outputs.join(", ");
    case "feature-maps":
    case "activation-maximisation":
    case "saliency":
    case "dissection":
    case "deconvolution":
      return analysis.output;
  }
  analysis satisfies never;
}

/** An analysis of a type with the first outputs that fit; undefined where none does. */
function begin(kind: Analysis["type"], checked: Checked): Analysis | undefined {
  const [field] = analysisTypes[kind].fields;
  const [first] = field ? outputsFor(field, checked) : [];
  switch (kind) {
    case "variance":
      return { type: kind };
    case "loss-surface":
      return first === undefined ? undefined : { type: kind, loss: first };
    case "inversion":
    case "gradient-correlation":
      return first === undefined ? undefined : { type: kind, outputs: [first] };
    case "feature-maps":
    case "activation-maximisation":
    case "saliency":
    case "dissection":
    case "deconvolution":
      return first === undefined ? undefined : { type: kind, output: first };
  }
  kind satisfies never;
}
