import type { Constraint, Phase } from "../../src/document/schema.ts";
import { Field } from "../ui/index.ts";
import { NameChips } from "./name-chips.tsx";
import { OptionalNumber } from "./optional-number.tsx";
import { withBound } from "./settings-edits.ts";

const kinds: readonly { readonly type: Constraint["type"]; readonly label: string; readonly help: string; readonly fallback: number }[] = [
  { type: "clip", label: "Clip weights", help: "After each update no weight is larger than this, or smaller than minus this.", fallback: 0.01 },
  { type: "spectral", label: "Spectral norm", help: "After each update no matrix or kernel has a singular value larger than this.", fallback: 1 },
];

interface Props {
  readonly phase: Phase;
  readonly trainable: readonly string[];
  readonly change: (label: string, patch: { constrain?: Constraint[] | undefined }, merge?: string) => void;
}

/** Bounds that a phase keeps its weights within, one row for each that is set and for each kind that is not. */
export function Bounds({ phase: { constrain = [], update }, trainable, change }: Props) {
  const rows = kinds.flatMap((kind) => {
    const set = [...constrain.keys()].filter((at) => constrain[at]?.type === kind.type);
    return (set.length > 0 ? set : [undefined]).map((at) => ({ ...kind, at }));
  });
  const names = update === undefined ? trainable : trainable.filter((name) => update.includes(name));
  return (
    <>
      {rows.map(({ type, label, help, fallback, at }) => {
        const bound = at === undefined ? undefined : constrain[at];
        const nodes = bound?.nodes;
        const set = (next: Constraint | undefined, merge?: string) =>
          change("Bound the weights", { constrain: withBound(constrain, at, next) }, merge);
        return (
          <div key={`${type} ${at ?? "off"}`}>
            <Field label={label} help={help}>
              {({ id }) => (
                <OptionalNumber
                  id={id}
                  value={bound?.most}
                  fallback={fallback}
                  off="No bound"
                  onChange={(most) => set(most === undefined ? undefined : { ...bound, type, most }, `bound ${type} ${at}`)}
                />
              )}
            </Field>
            {bound && (names.length > 1 || nodes) && (
              <Field
                label="Of"
                layout="column"
                help="Whose weights are bounded; none chosen: all that the phase moves."
                hint={nodes === undefined ? "All weights the phase moves." : undefined}
              >
                {() => (
                  <NameChips
                    names={[...new Set([...names, ...(nodes ?? [])])]}
                    chosen={nodes}
                    onChange={(next) => {
                      const { nodes: _, ...rest } = bound;
                      set(next === undefined ? rest : { ...bound, nodes: next });
                    }}
                  />
                )}
              </Field>
            )}
          </div>
        );
      })}
    </>
  );
}
