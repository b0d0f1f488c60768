import type { Graph, GraphNode, NetloomDocument } from "../../src/document/schema.ts";

/** When a document is checked again, and whether it needs to be. */

/** Runs the steps of a check one after the other, a little later; `cost` is what the last check took, in milliseconds. */
export type Defer = (steps: readonly (() => void)[], cost: number) => void;

/** A check that costs no more than this is done before the next frame is drawn, so that no figure is ever seen to lag. */
const unnoticed = 1;
/** Above this, each step has a frame of its own. */
const long = 4;

/** In the next frame if the check is quick, else right after that frame is on the screen: never within the event that changed the document. */
export const beforeOrAfterFrame: Defer = (steps, cost) => {
  const all = () => {
    for (const step of steps) step();
  };
  if (cost <= unnoticed) requestAnimationFrame(all);
  else if (cost <= long) afterFrame(all);
  else oneAFrame(steps);
};

const afterFrame = (run: () => void) => requestAnimationFrame(() => setTimeout(run, 0));

function oneAFrame([step, ...rest]: readonly (() => void)[]): void {
  if (!step) return;
  afterFrame(() => {
    step();
    oneAFrame(rest);
  });
}

/** Whether a check says the same of both: where nodes stand, what they are called and what is noted on them is none of its business. */
export function sameToChecker(a: NetloomDocument, b: NetloomDocument): boolean {
  if (a.training !== b.training || !sameGraph(a, b)) return false;
  if (a.blocks === b.blocks) return true;
  const names = Object.keys(a.blocks ?? {});
  if (names.join() !== Object.keys(b.blocks ?? {}).join()) return false;
  return names.every((name) => {
    const [one, other] = [a.blocks?.[name], b.blocks?.[name]];
    if (one === other) return true;
    if (!one || !other) return false;
    return one.params === other.params && one.inputs === other.inputs && one.outputs === other.outputs && sameGraph(one, other);
  });
}

const sameGraph = (a: Graph, b: Graph): boolean =>
  a.edges === b.edges &&
  (a.nodes === b.nodes || (a.nodes.length === b.nodes.length && a.nodes.every((node, i) => node === b.nodes[i] || sameNode(node, b.nodes[i]))));

const sameNode = (a: GraphNode, b: GraphNode | undefined): boolean =>
  b !== undefined && a.id === b.id && a.type === b.type && a.params === b.params && a.shared === b.shared;
