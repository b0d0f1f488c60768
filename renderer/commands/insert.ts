import type { NetloomDocument } from "../../src/document/schema.ts";
import { registry } from "../../src/layers/registry.ts";
import { afterDraw, here, reveal, sizes } from "../canvas/controller.ts";
import { type AddOptions, addNode, fitsEnd } from "../editor/add.ts";
import { outputsOf } from "../editor/connect.ts";
import { libraryEntry, taken } from "../editor/library.ts";
import { useDocument } from "../stores/document.ts";
import { notify } from "../stores/interface.ts";
import { announce } from "../ui/announce.tsx";

/**
 * Adds a layer, a block's instance or a block of the library right of the selection and wires it to it, if its ports allow.
 * @returns its id; undefined where it cannot stand in the open graph
 */
export function insertNode(type: string, params?: AddOptions["params"]): string | undefined {
  const chosen = taken(here(), type);
  if (!chosen) {
    refuse(type);
    return undefined;
  }
  const { where } = chosen;
  const given = params ?? chosen.params;
  const state = useDocument.getState();
  const after = state.selection.nodes.filter((id) => outputsOf(where, id).length > 0);
  const added = addNode(where, chosen.type, { after, sizes: sizes(), ...(given && { params: given }) });
  const title = titleOf(where.document, chosen.type);
  state.edit(`Add ${title}`, () => added.document);
  useDocument.getState().select([added.node]);
  announce(`Added ${title} ${added.node}.`);
  afterDraw(() => reveal(added.node));
  return added.node;
}

/** What a type is called in words. */
export const titleOf = ({ blocks }: Pick<NetloomDocument, "blocks">, type: string): string =>
  registry.get(type)?.title ?? blocks?.[type.slice("block:".length)]?.title ?? type;

/** Says why a block of the library was not added. */
export function refuse(type: string): void {
  notify({ tone: "info", text: `${libraryEntry(type)?.title ?? "This block"} holds the block that is open: a block cannot contain itself.` });
}

/** Can a new node of the type take what the selection gives? So that "conv" after pictures finds the convolution of pictures. */
export function fitsSelection(type: string): boolean {
  const chosen = taken(here(), type);
  if (!chosen) return false;
  const { where } = chosen;
  const outputs = useDocument.getState().selection.nodes.flatMap((id) => outputsOf(where, id));
  return outputs.some((from) => fitsEnd(where, chosen.type, { from }));
}
