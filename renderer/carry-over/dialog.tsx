import { Play } from "lucide-react";
import { useMemo, useState } from "react";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { freeze } from "../../src/graph/freezing.ts";
import { variablesOf } from "../../src/graph/variables.ts";
import { type CarryOver, parseRenamings, planCarryOver, wholeKeys } from "../../src/training/carry-over.ts";
import { withServices } from "../host/services.ts";
import { useRuns } from "../runs/store.ts";
import { useDocument } from "../stores/document.ts";
import { openDialog } from "../stores/interface.ts";
import { formatCount, plural } from "../training/format.ts";
import { reason } from "../training/session.ts";
import { Button, Dialog, Field, Select, Switch, TextInput } from "../ui/index.ts";
import { Mapping } from "./mapping.tsx";
import { useRunWeights } from "./weights.ts";
import "./carry-over.css";

/** Starts a run of the open document with another run's weights: whose, how names differ, what is taken, what stands still. */
export function CarryOverDialog({ asked }: { asked?: string | undefined }) {
  const document = useDocument((state) => state.document);
  const checked = useDocument((state) => state.checked);
  const runs = useRuns((state) => state.runs);
  const usable = runs.filter((run) => run.checkpointStep !== undefined);
  const [chosen, setChosen] = useState(asked ?? usable[0]?.id);
  const [rules, setRules] = useState(document.about?.map ?? "");
  const [freezes, setFreezes] = useState(false);
  const run = usable.find(({ id }) => id === chosen);
  const there = useRunWeights(run?.id);
  const { renamings, fault } = useMemo(() => read(rules), [rules]);
  const plan = useMemo(
    () => (there.shapes && renamings ? planCarryOver(variablesOf(checked), there.shapes, renamings) : undefined),
    [there.shapes, renamings, checked],
  );
  const carried = plan?.variables.filter(({ origin }) => origin.kind === "carried").length ?? 0;
  const frozen = useMemo(() => (plan && carried > 0 ? freeze(document, checked, wholeKeys(plan)) : undefined), [plan, carried, document, checked]);
  const close = () => openDialog(null);
  const start = () => {
    if (run === undefined) return;
    if (freezes && frozen) useDocument.getState().edit("Freeze what is carried over", () => frozen);
    close();
    withServices(({ session }) => session.train(useDocument.getState().document, { run, renamings: rules }));
  };

  return (
    <Dialog
      title="Start from another run"
      about="A new run begins with the weights of a kept one, wherever names and shapes agree. The rest is drawn afresh."
      size="large"
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button tone="primary" icon={<Play size={14} />} disabled={carried === 0 || !checked.ok} onClick={start}>
            Train
          </Button>
        </>
      }
    >
      <div className="carry-over">
        <Field label="Weights of" layout="column">
          {({ id }) => (
            <Select
              id={id}
              value={chosen}
              onChange={setChosen}
              placeholder="Choose a run"
              options={usable.map((one) => ({ value: one.id, label: `${one.name} · ${one.document} · step ${formatCount(one.step)}` }))}
            />
          )}
        </Field>
        <Field
          label="Other names"
          layout="column"
          help="What is called how there: here=there, several separated by commas."
          {...(fault !== undefined && { error: fault })}
          hint="encoder=bert takes for encoder here what is called bert there; =bert looks for everything inside bert."
        >
          {({ id, describedBy, invalid }) => (
            <TextInput id={id} value={rules} onChange={setRules} placeholder="encoder=bert, head=top" {...{ describedBy, invalid }} />
          )}
        </Field>
        <Field label="Freeze what is carried over" hint={freezeHint(plan, frozen, document)}>
          {({ id }) => <Switch id={id} checked={freezes && frozen !== undefined} disabled={frozen === undefined} onChange={setFreezes} />}
        </Field>
        {there.fault !== undefined && (
          <p className="carry-over-fault" role="alert">
            {there.fault}
          </p>
        )}
        {usable.length === 0 && <p className="carry-over-quiet">There is no run with weights yet. Train something first.</p>}
        {!checked.ok && <p className="carry-over-fault">The graph has problems: mend them first.</p>}
        {run && there.fault === undefined && there.shapes === undefined && <p className="carry-over-quiet">Reading its weights …</p>}
        {plan && run && (
          <>
            <p className="carry-over-summary" aria-live="polite">
              {carried === 0
                ? `Nothing of ${run.name} fits: no weight has the same name and shape. Say above what is called how there.`
                : `${formatCount(carried)} of ${plural(plan.variables.length, "weight")} ${carried === 1 ? "comes" : "come"} from ${run.name}.`}
              {plan.unused.length > 0 && ` ${formatCount(plan.unused.length)} there ${plan.unused.length === 1 ? "is" : "are"} not taken.`}
            </p>
            <Mapping plan={plan} />
          </>
        )}
      </div>
    </Dialog>
  );
}

function read(rules: string): { readonly renamings?: ReturnType<typeof parseRenamings>; readonly fault?: string } {
  try {
    return { renamings: parseRenamings(rules) };
  } catch (error) {
    return { fault: reason(error) };
  }
}

/** What would still learn. */
function freezeHint(plan: CarryOver | undefined, frozen: NetloomDocument | undefined, document: NetloomDocument): string {
  if (plan === undefined) return "It would stand still; the rest learns.";
  if (frozen === undefined) return "Everything would stand still: nothing would be left to learn.";
  const names = [...new Set(frozen.training?.phases?.flatMap(({ update = [] }) => update) ?? [])];
  const told = names.slice(0, 6).join(", ");
  const phases = (document.training?.phases?.length ?? 1) > 1 ? "the phases' lists" : "the phase's list";
  return `Only ${told}${names.length > 6 ? ` and ${names.length - 6} more` : ""} would learn. It is an edit of ${phases} of what moves, and can be undone.`;
}
