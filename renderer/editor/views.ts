import type { Checked, NodeView, Problem } from "../../src/graph/types.ts";
import { sameType, type TensorType } from "../../src/tensor/types.ts";

/**
 * What the checker says of each node, as the very same object for as long as it says the same: a node on the canvas
 * is drawn again only when something of it has changed.
 */

interface Shown {
  readonly checked: Checked;
  readonly views: ReadonlyMap<string, NodeView>;
}
const shown = new Map<string, Shown>();

export function stableViews(checked: Checked, graph: string): ReadonlyMap<string, NodeView> {
  const before = shown.get(graph);
  if (before?.checked === checked) return before.views;
  const now = checked.view(graph);
  const views = new Map<string, NodeView>();
  for (const [id, view] of now) {
    const old = before?.views.get(id);
    views.set(id, old && sameView(old, view) ? old : view);
  }
  if (shown.size > 32) shown.clear();
  shown.set(graph, { checked, views });
  return views;
}

function sameView(a: NodeView, b: NodeView): boolean {
  return (
    a.parameters === b.parameters &&
    a.trainable === b.trainable &&
    a.multiplyAdds === b.multiplyAdds &&
    a.activations === b.activations &&
    (a.receptiveField === b.receptiveField || String(a.receptiveField) === String(b.receptiveField)) &&
    samePorts(a.outputs, b.outputs, sameType) &&
    samePorts(a.inputs, b.inputs, sameTypes) &&
    a.problems.length === b.problems.length &&
    a.problems.every((problem, i) => sameProblem(problem, b.problems[i]))
  );
}

function samePorts<T>(a: Readonly<Record<string, T>>, b: Readonly<Record<string, T>>, same: (a: T, b: T) => boolean): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const one = a[name];
      const other = b[name];
      return one === other || (one !== undefined && other !== undefined && same(one, other));
    })
  );
}

const sameTypes = (a: readonly TensorType[], b: readonly TensorType[]): boolean =>
  a.length === b.length && a.every((type, i) => type === b[i] || sameType(type, b[i] ?? type));

const sameProblem = (a: Problem, b: Problem | undefined): boolean =>
  b !== undefined &&
  a.code === b.code &&
  a.message === b.message &&
  a.severity === b.severity &&
  a.place.port === b.place.port &&
  a.expected === b.expected &&
  a.received === b.received &&
  JSON.stringify(a.mend) === JSON.stringify(b.mend);
