import { Plus, Trash2 } from "lucide-react";
import type { Average } from "../../src/document/schema.ts";
import { averageFaults } from "../../src/graph/averages.ts";
import { useDocument } from "../stores/document.ts";
import { Button, Field, IconButton, NumberField, Select } from "../ui/index.ts";
import { setTraining } from "./settings-edits.ts";

/** Weights that follow others as a moving average, step by step. @param holders names of nodes and blocks with weights */
export function Averages({ holders }: { readonly holders: readonly string[] }) {
  const averages = useDocument((state) => state.document.training?.averages) ?? [];
  const checked = useDocument((state) => state.checked);
  const edit = useDocument((state) => state.edit);
  const [first = "", second = ""] = holders;
  const put = (label: string, next: readonly Average[], merge?: string) =>
    edit(label, setTraining({ averages: next.length > 0 ? [...next] : undefined }), merge === undefined ? undefined : { merge });
  const change = (at: number, patch: Partial<Average>, merge?: string) =>
    put(
      "Change the average",
      averages.map((average, i) => (i === at ? { ...average, ...patch } : average)),
      merge && `average ${at} ${merge}`,
    );
  /** The first two that can follow one another, else the first two: the problem that they have says what is needed. */
  const add = () => {
    const taken = new Set(averages.flatMap(({ to }) => to));
    const pairs = holders.flatMap((of) => holders.map((to) => ({ of, to, decay: 0.99 }))).filter(({ to }) => !taken.has(to));
    const fitting = pairs.slice(0, 100).find((pair) => averageFaults([pair], checked, []).length === 0);
    put("Add an average", [...averages, fitting ?? { of: first, to: second, decay: 0.99 }]);
  };
  if (averages.length === 0 && holders.length < 2) return null;
  return (
    <>
      {averages.length > 0 && <h2 className="settings-title">Averages of weights</h2>}
      {averages.map(({ of, to, decay }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: averages have no name of their own.
        <div className="phase" key={at}>
          <Field label="Of" help="Whose weights are averaged over the steps.">
            {({ id }) => <Select id={id} value={of} options={options(holders, of)} onChange={(next) => change(at, { of: next })} />}
          </Field>
          <Field label="Kept in" help="The same block used again, with a shared name of its own: its weights follow, and no phase moves them.">
            {({ id }) => (
              <>
                <Select id={id} value={to} options={options(holders, to)} onChange={(next) => change(at, { to: next })} />
                <IconButton
                  label="Remove the average"
                  onClick={() =>
                    put(
                      "Remove the average",
                      averages.filter((_, i) => i !== at),
                    )
                  }
                >
                  <Trash2 size={14} />
                </IconButton>
              </>
            )}
          </Field>
          <Field label="Decay" help="How much of the average each step keeps: 0.99 looks back over about a hundred steps.">
            {({ id }) => <NumberField id={id} value={decay} min={0} max={0.999999} onChange={(next) => change(at, { decay: next }, "decay")} />}
          </Field>
        </div>
      ))}
      {holders.length > 1 && (
        <Button
          tone="quiet"
          icon={<Plus size={14} />}
          title="Weights that follow others slowly: a generator's average makes steadier samples, a teacher follows its student"
          onClick={add}
        >
          Average weights
        </Button>
      )}
    </>
  );
}

const options = (holders: readonly string[], chosen: string) =>
  (holders.includes(chosen) ? holders : [chosen, ...holders]).map((value) => ({ value, label: value }));
