import { canConnect, inputsOf, outputsOf, type Verdict, type Where } from "./connect.ts";
import { canvasNode, shownGraph } from "./graph.ts";
import { nodeInfo, nodeTitle } from "./node-info.ts";
import type { Rect } from "./place.ts";

/** A wire drawn by the keyboard: from a node's output through the inputs it may end at, nearest first. */

export interface WireChoice {
  readonly to: string;
  readonly verdict: Verdict;
}

/** The inputs an output may go to: free ones first, those to its right before the others, then by distance. */
export function wireChoices(where: Where, from: string, rects: ReadonlyMap<string, Rect>): readonly WireChoice[] {
  const origin = rects.get(canvasNode(from));
  const ids = [...shownGraph(where.document, where.graph).nodes.map((node) => node.id), ...[...rects.keys()].filter((id) => id.startsWith("out."))];
  const distance = (id: string): number => {
    const rect = rects.get(id);
    if (!rect || !origin) return Number.POSITIVE_INFINITY;
    const ahead = rect.x - origin.x - origin.width;
    return Math.hypot(ahead, rect.y - origin.y) + (ahead < 0 ? 10_000 : 0);
  };
  return ids
    .toSorted((a, b) => distance(a) - distance(b))
    .flatMap((id) => inputsOf(where, id))
    .map((to) => ({ to, verdict: canConnect(where, from, to) }))
    .filter((choice) => choice.verdict.ok)
    .toSorted((a, b) => taken(a) - taken(b));
}

const taken = ({ verdict }: WireChoice): number => (verdict.ok && verdict.replaces ? 1 : 0);

/** The output to begin at: the node's first, or the one after `previous`. */
export function nextOutput(where: Where, node: string, previous?: string): string | undefined {
  const outputs = outputsOf(where, node);
  return outputs[(outputs.indexOf(previous ?? "") + 1) % Math.max(1, outputs.length)];
}

/** `label of Cross-entropy`: an end of a wire in words. */
export function nameEnd(where: Where, end: string): string {
  const id = canvasNode(end);
  const node = shownGraph(where.document, where.graph).nodes.find((one) => one.id === id);
  const port = end.slice(end.indexOf(".") + 1);
  return node ? `${port} of ${nodeTitle(node, nodeInfo(where.document, where.graph, node, where.env))} ${id}` : `the block's ${port}`;
}
