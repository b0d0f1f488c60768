import type { Graph, GraphNode, NetloomDocument } from "../../src/document/schema.ts";

/** When a document is checked again, and whether it needs to be. */

/** Runs a check a little later; `cost` is what the last one took, in milliseconds. */
export type Defer = (check: () => void, cost: number) => void;

/** A check that costs no more than this is done before the next frame is drawn, so that no figure is ever seen to lag. */
const unnoticed = 1;

/** In the next frame if the check is quick, else right after that frame is on the screen: never within the event that changed the document. */
export const beforeOrAfterFrame: Defer = (check, cost) => {
  if (cost <= unnoticed) requestAnimationFrame(check);
  else requestAnimationFrame(() => setTimeout(check, 0));
};

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
