import { applyEdit, freshId } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { useDocument } from "../stores/document.ts";
import { notify } from "../stores/interface.ts";

/** The document with a data set in use: in the data-set node that is selected, or the first there is, or a new one. */
export function withDataset(
  document: NetloomDocument,
  name: string,
  target: string | undefined,
  selected: readonly string[],
): { readonly document: NetloomDocument; readonly node: string } {
  const nodes = document.nodes.filter((node) => node.type === "dataset");
  const node = nodes.find((one) => selected.includes(one.id)) ?? nodes[0];
  if (node !== undefined)
    return {
      document: applyEdit(document, { kind: "set-params", graph: "", node: node.id, params: { name, target: target || undefined } }),
      node: node.id,
    };
  const id = freshId("data", document);
  const lefts = document.nodes.map((one) => one.at?.[0] ?? 0);
  const tops = document.nodes.map((one) => one.at?.[1] ?? 0);
  const at: [number, number] = document.nodes.length === 0 ? [80, 120] : [Math.min(...lefts) - 260, Math.min(...tops)];
  const added = { id, type: "dataset", params: { name, ...(target && { target }) }, at };
  return { document: applyEdit(document, { kind: "add", graph: "", nodes: [added], edges: [] }), node: id };
}

/** Puts a data set into the open document and selects its node. */
export function putInGraph(name: string, title: string, target?: string): void {
  const { document, selection, edit, leave } = useDocument.getState();
  const changed = withDataset(document, name, target, selection.nodes);
  const there = changed.document === document;
  edit(`Use ${title}`, () => changed.document);
  leave(0);
  useDocument.getState().select([changed.node]);
  if (there) notify({ tone: "info", text: `${title} is already in the graph.` });
}
