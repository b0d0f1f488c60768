import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Optimiser, Phase, Schedule } from "../../src/document/schema.ts";
import { useDocument } from "../stores/document.ts";
import { Field, IconButton, NumberField, Select, Switch } from "../ui/index.ts";
import { Bounds } from "./bounds.tsx";
import { NameChips } from "./name-chips.tsx";
import { optimiserFields } from "./optimiser-fields.ts";
import { OptionalNumber } from "./optional-number.tsx";
import { movePhase, optimiserOfType, removePhase, scheduleOfType, setPhase } from "./settings-edits.ts";

interface Props {
  readonly phase: Phase;
  readonly index: number;
  /** Phases written in the document; 0 if this is the default one. */
  readonly count: number;
  /** Nodes whose scalar can be minimised. */
  readonly losses: readonly string[];
  /** Nodes and blocks with weights. */
  readonly trainable: readonly string[];
}

const optimisers = Object.entries(optimiserFields).map(([value, { label }]) => ({ value: value as Optimiser["type"], label }));
const schedules: readonly { readonly value: Schedule["type"]; readonly label: string }[] = [
  { value: "constant", label: "Constant" },
  { value: "step", label: "Steps down" },
  { value: "cosine", label: "Cosine" },
];

/** One phase: what it minimises, which weights it moves, and how. */
export function PhaseForm({ phase, index, count, losses, trainable }: Props) {
  const edit = useDocument((state) => state.edit);
  const [more, setMore] = useState(false);
  const { optimiser } = phase;
  const schedule: Schedule = phase.schedule ?? { type: "constant" };
  const change = (label: string, patch: Parameters<typeof setPhase>[2], merge?: string) =>
    edit(label, setPhase(index, phase, patch), merge === undefined ? undefined : { merge: `phase ${index} ${merge}` });
  const setOptimiser = (key: string, value: number | boolean) =>
    change(`Set ${key}`, { optimiser: { ...optimiser, [key]: value } as Optimiser }, `optimiser ${key}`);
  const setSchedule = (key: string, value: number) =>
    change(`Set ${key}`, { schedule: { ...schedule, [key]: value } as Schedule }, `schedule ${key}`);
  const targets = losses.includes(phase.minimise) ? losses : [phase.minimise, ...losses];
  const { fields } = optimiserFields[optimiser.type];

  return (
    <div className="phase">
      {count > 0 && (
        <div className="phase-head">
          <input
            className="phase-name"
            aria-label="Name of the phase"
            placeholder={`Phase ${index + 1}`}
            value={phase.name ?? ""}
            onChange={(event) => change("Rename the phase", { name: event.target.value || undefined }, "name")}
          />
          {count > 1 && (
            <>
              <IconButton label="Earlier" disabled={index === 0} onClick={() => edit("Move the phase", movePhase(index, -1))}>
                <ArrowUp size={14} />
              </IconButton>
              <IconButton label="Later" disabled={index === count - 1} onClick={() => edit("Move the phase", movePhase(index, 1))}>
                <ArrowDown size={14} />
              </IconButton>
            </>
          )}
          <IconButton label="Remove the phase" onClick={() => edit("Remove the phase", removePhase(index))}>
            <Trash2 size={14} />
          </IconButton>
        </div>
      )}
      <Field label="Minimise" help="The node whose single number is to fall.">
        {({ id }) => (
          <Select
            id={id}
            value={phase.minimise}
            onChange={(minimise) => change("Choose the loss", { minimise })}
            options={targets.map((value) => ({ value, label: value }))}
          />
        )}
      </Field>
      {count > 0 && trainable.length > 1 && <Updated phase={phase} trainable={trainable} change={change} />}
      <Field label="Optimiser">
        {({ id }) => (
          <Select
            id={id}
            value={optimiser.type}
            onChange={(type) => change("Choose the optimiser", { optimiser: optimiserOfType(type, optimiser) })}
            options={optimisers}
          />
        )}
      </Field>
      <Field label="Learning rate" help="How far each step goes against the gradient.">
        {({ id }) => <NumberField id={id} value={optimiser.rate} min={1e-12} max={1000} onChange={(rate) => setOptimiser("rate", rate)} />}
      </Field>
      {optimiser.type === "sgd" && (
        <>
          <OptimiserNumber field={fields[0]} optimiser={optimiser} onChange={setOptimiser} />
          {(optimiser.momentum ?? 0) > 0 && (
            <Field label="Nesterov" help="Looks ahead along the momentum before it takes the gradient.">
              {({ id }) => <Switch id={id} checked={optimiser.nesterov ?? false} onChange={(on) => setOptimiser("nesterov", on)} />}
            </Field>
          )}
        </>
      )}
      <Field label="Schedule" help="How the rate changes over the steps.">
        {({ id }) => (
          <Select
            id={id}
            value={schedule.type}
            onChange={(type) => change("Choose the schedule", { schedule: scheduleOfType(type, schedule) })}
            options={schedules}
          />
        )}
      </Field>
      {schedule.type === "step" && (
        <>
          <Whole label="Every" help="Steps between two falls of the rate." value={schedule.every} onChange={(every) => setSchedule("every", every)} />
          <Field label="Factor" help="What the rate is multiplied by, under 1.">
            {({ id }) => <NumberField id={id} value={schedule.factor} min={1e-6} max={1} onChange={(factor) => setSchedule("factor", factor)} />}
          </Field>
        </>
      )}
      <button type="button" className="link more-toggle" aria-expanded={more} onClick={() => setMore(!more)}>
        {more ? "Fewer settings" : "More settings"}
      </button>
      {more && (
        <>
          {fields
            .filter((field) => optimiser.type !== "sgd" || field.key !== "momentum")
            .map((field) => (
              <OptimiserNumber key={field.key} field={field} optimiser={optimiser} onChange={setOptimiser} />
            ))}
          <Whole
            label="Warm-up"
            help="Steps over which the rate grows from nothing."
            min={0}
            value={schedule.warmup ?? 0}
            onChange={(warmup) => setSchedule("warmup", warmup)}
          />
          <Field label="Clip gradients" help="Largest norm of all gradients of the phase together.">
            {({ id }) => (
              <OptionalNumber
                id={id}
                value={phase.clipNorm}
                fallback={1}
                off="No limit"
                onChange={(clipNorm) => change("Set gradient clipping", { clipNorm }, "clip")}
              />
            )}
          </Field>
          {count > 1 && (
            <Whole
              label="Steps in turn"
              help="Steps of this phase before the next takes its turn."
              value={phase.steps ?? 1}
              onChange={(steps) => change("Set the steps in turn", { steps }, "steps")}
            />
          )}
          <Bounds phase={phase} trainable={trainable} change={change} />
          {(count > 1 || phase.begin !== undefined || phase.end !== undefined) && <Span phase={phase} change={change} />}
        </>
      )}
    </div>
  );
}

function Updated({
  phase,
  trainable,
  change,
}: {
  phase: Phase;
  trainable: readonly string[];
  change: (label: string, patch: { update?: string[] | undefined }) => void;
}) {
  return (
    <Field
      label="Update"
      layout="column"
      help="Whose weights move; none chosen: all that the loss depends on."
      hint={phase.update === undefined ? "All weights the loss depends on." : undefined}
    >
      {() => <NameChips names={trainable} chosen={phase.update} onChange={(update) => change("Choose the weights to update", { update })} />}
    </Field>
  );
}

/** The steps of the run between which a phase takes its turns. */
function Span({
  phase: { begin, end },
  change,
}: {
  phase: Phase;
  change: (label: string, patch: { begin?: number | undefined; end?: number | undefined }, merge: string) => void;
}) {
  return (
    <>
      <Field label="Begins at" help="Step of the run from which this phase takes turns.">
        {({ id }) => (
          <OptionalNumber
            id={id}
            whole
            value={begin}
            fallback={1000}
            off="The first step"
            onChange={(next) => change("Set where the phase begins", { begin: next }, "begin")}
          />
        )}
      </Field>
      <Field label="Ends at" help="Step of the run at which it takes no more turns.">
        {({ id }) => (
          <OptionalNumber
            id={id}
            whole
            value={end}
            fallback={(begin ?? 0) + 1000}
            off="The last step"
            onChange={(next) => change("Set where the phase ends", { end: next }, "end")}
          />
        )}
      </Field>
    </>
  );
}

interface NumberProps {
  readonly field: (typeof optimiserFields)[Optimiser["type"]]["fields"][number] | undefined;
  readonly optimiser: Optimiser;
  readonly onChange: (key: string, value: number) => void;
}

function OptimiserNumber({ field, optimiser, onChange }: NumberProps) {
  if (field === undefined) return null;
  const value = optimiser[field.key];
  return (
    <Field label={field.label} help={field.help}>
      {({ id }) => (
        <NumberField
          id={id}
          value={typeof value === "number" ? value : field.fallback}
          min={0}
          max={field.max}
          onChange={(next) => onChange(field.key, next)}
        />
      )}
    </Field>
  );
}

function Whole(props: { label: string; help: string; value: number | undefined; min?: number; onChange: (value: number) => void }) {
  const { label, help, value, min = 1, onChange } = props;
  return (
    <Field label={label} help={help}>
      {({ id }) => <NumberField id={id} whole value={value} min={min} max={1_000_000_000} onChange={onChange} />}
    </Field>
  );
}
