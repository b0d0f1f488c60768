import { Plus } from "lucide-react";
import type { Phase } from "../../src/document/schema.ts";
import { trainingDefaults } from "../../src/graph/training.ts";
import type { Checked } from "../../src/graph/types.ts";
import { useDocument } from "../stores/document.ts";
import { Button, Field, NumberField, Select, Switch, TextArea, TextInput } from "../ui/index.ts";
import { Averages } from "./averages.tsx";
import { MemoryNeed } from "./memory-need.tsx";
import { OptionalNumber } from "./optional-number.tsx";
import { PhaseForm } from "./phase-form.tsx";
import { addPhase, setAbout, setName, setTraining } from "./settings-edits.ts";
import "./settings.css";

/** The inspector when nothing is selected: what the document is, and how it is trained. */
export function TrainingSettings() {
  return (
    <div className="settings">
      <AboutDocument />
      <RunSettings />
      <Phases />
    </div>
  );
}

function AboutDocument() {
  const name = useDocument((state) => state.document.name);
  const about = useDocument((state) => state.document.about);
  const edit = useDocument((state) => state.edit);
  return (
    <>
      <Field label="Name" layout="column">
        {({ id }) => (
          <TextInput id={id} value={name} maxLength={200} onChange={(next) => edit("Rename the document", setName(next), { merge: "name" })} />
        )}
      </Field>
      <Field label="About" layout="column">
        {({ id }) => (
          <TextArea
            id={id}
            rows={Math.min(8, Math.max(3, Math.ceil((about?.text ?? "").length / 36)))}
            value={about?.text ?? ""}
            maxLength={20_000}
            placeholder="What it is, what to try"
            onChange={(event) => edit("Edit the description", setAbout({ text: event }), { merge: "about" })}
          />
        )}
      </Field>
    </>
  );
}

function RunSettings() {
  const training = useDocument((state) => state.document.training) ?? {};
  const edit = useDocument((state) => state.edit);
  const { stop } = training;
  const unit = stop?.steps === undefined && stop?.epochs !== undefined ? "epochs" : "steps";
  const length = unit === "epochs" ? stop?.epochs : (stop?.steps ?? trainingDefaults.stop.steps);
  const set = (label: string, patch: Parameters<typeof setTraining>[0], merge: string) =>
    edit(label, setTraining(patch), { merge: `training ${merge}` });
  return (
    <>
      <h2 className="settings-title">Training</h2>
      <Field label="Length" help="When the run ends.">
        {({ id }) => (
          <NumberField
            id={id}
            whole
            value={length}
            min={1}
            max={unit === "epochs" ? 1_000_000 : 1_000_000_000}
            onChange={(value) => set("Set the length of training", { stop: { [unit]: value } }, "length")}
          />
        )}
      </Field>
      <Field label="Counted in" help="Steps, or epochs: times all training examples are seen.">
        {({ id }) => (
          <Select
            id={id}
            value={unit}
            options={[
              { value: "steps", label: "Steps" },
              { value: "epochs", label: "Epochs" },
            ]}
            onChange={(next) =>
              set("Count in another unit", { stop: next === "epochs" ? { epochs: 10 } : { steps: trainingDefaults.stop.steps } }, "unit")
            }
          />
        )}
      </Field>
      <Field label="Batch" help="Examples in each step.">
        {({ id }) => (
          <NumberField
            id={id}
            whole
            value={training.batch ?? trainingDefaults.batch}
            min={1}
            max={100_000}
            onChange={(batch) => set("Set the batch", { batch }, "batch")}
          />
        )}
      </Field>
      <Field label="Seed" help="All random numbers of a run follow from it: the same seed gives the same run.">
        {({ id }) => (
          <NumberField
            id={id}
            whole
            value={training.seed ?? trainingDefaults.seed}
            min={0}
            max={2 ** 32 - 1}
            onChange={(seed) => set("Set the seed", { seed }, "seed")}
          />
        )}
      </Field>
      <Field label="Evaluate every" help="Steps between two looks at held-out data; by itself: as the length of the run suggests.">
        {({ id }) => (
          <OptionalNumber
            id={id}
            whole
            value={training.evaluateEvery}
            fallback={100}
            off="By itself"
            onChange={(evaluateEvery) => set("Set how often to evaluate", { evaluateEvery }, "evaluate")}
          />
        )}
      </Field>
      <Field label="Checkpoint every" help="Steps between two checkpoints; the app makes one every ten seconds besides.">
        {({ id }) => (
          <OptionalNumber
            id={id}
            whole
            value={training.checkpointEvery}
            fallback={1000}
            off="Every 10 s"
            onChange={(checkpointEvery) => set("Set how often to write a checkpoint", { checkpointEvery }, "checkpoint")}
          />
        )}
      </Field>
      <Field label="Recompute activations" help="Needs less memory and more time; the numbers stay the same. On the processor only.">
        {({ id }) => (
          <Switch
            id={id}
            checked={training.recompute ?? false}
            onChange={(recompute) => set(recompute ? "Recompute activations" : "Keep activations", { recompute }, "recompute")}
          />
        )}
      </Field>
      <MemoryNeed />
    </>
  );
}

function Phases() {
  const phases = useDocument((state) => state.document.training?.phases) ?? [];
  const checked = useDocument((state) => state.checked);
  const edit = useDocument((state) => state.edit);
  const losses = scalars(checked);
  const trainable = weightHolders(checked);
  const fallback: Phase | undefined =
    losses[0] === undefined ? undefined : { minimise: losses.at(-1) ?? losses[0], optimiser: trainingDefaults.optimiser };
  const shown = phases.length > 0 ? phases : fallback === undefined ? [] : [fallback];
  return (
    <>
      <h2 className="settings-title">{phases.length > 1 ? "Phases, taking turns" : "Optimisation"}</h2>
      {shown.length === 0 && <p className="settings-note">Add a loss and wire it to the network's output: what to minimise is chosen here then.</p>}
      {shown.map((phase, index) => (
        <PhaseForm
          // biome-ignore lint/suspicious/noArrayIndexKey: phases have no other name that must be unique.
          key={index}
          phase={phase}
          index={index}
          count={phases.length}
          losses={losses}
          trainable={trainable}
        />
      ))}
      {fallback !== undefined && (
        <Button
          tone="quiet"
          icon={<Plus size={14} />}
          title="A phase of its own for part of the network: a generator and a critic take turns"
          onClick={() => edit("Add a phase", addPhase(fallback, [fallback]))}
        >
          Add a phase
        </Button>
      )}
      <Averages holders={trainable} />
    </>
  );
}

/** Main-graph nodes that give a single number and are not metrics, in order of the data. */
const scalars = ({ nodes, facts }: Checked): string[] =>
  nodes.flatMap((node, i) =>
    node.layer.role !== "metric" && Object.values(facts[i]?.outputs ?? {}).some((type) => type.shape.length === 0) ? [node.path] : [],
  );

/** Main-graph nodes and blocks that have weights to train. */
const weightHolders = ({ nodes, facts }: Checked): string[] => [
  ...new Set(nodes.flatMap((node, i) => ((facts[i]?.trainable ?? 0) > 0 ? [node.weightKey.split("/")[0] ?? node.weightKey] : []))),
];
