import { registry } from "../../src/layers/registry.ts";
import { afterDraw, here, reveal, sizes } from "../canvas/controller.ts";
import { type AddOptions, addNode, fitsEnd } from "../editor/add.ts";
import { outputsOf } from "../editor/connect.ts";
import { useDocument } from "../stores/document.ts";
import { announce } from "../ui/announce.tsx";

/** Adds a layer or a block's instance right of the selection and wires it to it, if its ports allow. Returns its id. */
export function insertNode(type: string, params?: AddOptions["params"]): string {
  const where = here();
  const state = useDocument.getState();
  const after = state.selection.nodes.filter((id) => outputsOf(where, id).length > 0);
  const added = addNode(where, type, { after, sizes: sizes(), ...(params && { params }) });
  const title = registry.get(type)?.title ?? where.document.blocks?.[type.slice("block:".length)]?.title ?? type;
  state.edit(`Add ${title}`, () => added.document);
  useDocument.getState().select([added.node]);
  announce(`Added ${title} ${added.node}.`);
  afterDraw(() => reveal(added.node));
  return added.node;
}

/** Can a new node of the type take what the selection gives? So that "conv" after pictures finds the convolution of pictures. */
export function fitsSelection(type: string): boolean {
  const where = here();
  const outputs = useDocument.getState().selection.nodes.flatMap((id) => outputsOf(where, id));
  return outputs.some((from) => fitsEnd(where, type, { from }));
}
