import { goTo } from "../canvas/controller.ts";
import { openGraph, useDocument } from "../stores/document.ts";

/** Opens the graph that a flat path ("stage2/0/conv1") lies in, as far as its blocks exist, selects its node there and brings it into view. */
export function jumpToNode(path: string): void {
  const state = useDocument.getState();
  state.leave(0);
  const parts = path.split("/").filter((part) => !/^\d+$/.test(part));
  let graph = state.document.nodes;
  for (const [i, part] of parts.entries()) {
    const node = graph.find((candidate) => candidate.id === part);
    if (node === undefined) return;
    const block = node.type.startsWith("block:") ? node.type.slice("block:".length) : undefined;
    const inside = block === undefined ? undefined : state.document.blocks?.[block];
    if (i === parts.length - 1 || block === undefined || inside === undefined) {
      goTo(openGraph(useDocument.getState()), part);
      return;
    }
    useDocument.getState().enter(block);
    graph = inside.nodes;
  }
}
