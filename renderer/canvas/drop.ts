import type { DragEvent } from "react";
import { applyEdit, changeGraph, changeNode } from "../../src/document/edits.ts";
import { registry } from "../../src/layers/registry.ts";
import { refuse, titleOf } from "../commands/insert.ts";
import { addNode } from "../editor/add.ts";
import { canConnect, connect, inputsOf, outputsOf, type Where } from "../editor/connect.ts";
import { edgeId, shownGraph } from "../editor/graph.ts";
import { libraryEntry, taken } from "../editor/library.ts";
import { nodeWidth, settle } from "../editor/place.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { canvasPoint, focusCanvas, here, sizes } from "./controller.ts";

/** Layers and blocks dragged from the left onto the canvas; one dropped on a wire goes into the wire. */

const layerMime = "application/x-netloom-type";
const paramsMime = "application/x-netloom-params";

export function startLayerDrag(transfer: DataTransfer, type: string, params?: Readonly<Record<string, string | number | boolean>>): void {
  transfer.setData(layerMime, type);
  transfer.setData("text/plain", registry.get(type)?.title ?? libraryEntry(type)?.title ?? type);
  if (params) transfer.setData(paramsMime, JSON.stringify(params));
  transfer.effectAllowed = "copy";
}

export const isLayerDrag = (transfer: DataTransfer): boolean => transfer.types.includes(layerMime);

export function dropOnCanvas(event: DragEvent): void {
  const type = event.dataTransfer.getData(layerMime);
  if (type === "") return;
  event.preventDefault();
  event.stopPropagation();
  const [x, y] = canvasPoint({ x: event.clientX, y: event.clientY });
  const text = event.dataTransfer.getData(paramsMime);
  const params = text === "" ? undefined : (JSON.parse(text) as Record<string, string | number | boolean>);
  const chosen = taken(here(), type);
  if (!chosen) {
    refuse(type);
    return;
  }
  const given = params ?? chosen.params;
  const added = addNode(chosen.where, chosen.type, { at: [x - nodeWidth / 2, y - 24], sizes: sizes(), ...(given && { params: given }) });
  const wire = document
    .elementsFromPoint(event.clientX, event.clientY)
    .map((element) => element.closest<HTMLElement>(".react-flow__edge")?.dataset.id)
    .find((id) => id !== undefined);
  const final = wire === undefined ? added.document : intoWire({ ...here(), document: added.document }, added.node, wire);
  useDocument.getState().edit(`Add ${titleOf(final, chosen.type)}`, () => final);
  useDocument.getState().select([added.node]);
  focusCanvas();
}

/** The node between the wire's ends, if its ports allow; else the document as it is. */
function intoWire(where: Where, node: string, wire: string): Where["document"] {
  const edge = shownGraph(where.document, openGraph(useDocument.getState())).edges.find((one) => edgeId(one) === wire);
  const input = edge && inputsOf(where, node).find((to) => canConnect(where, edge.from, to).ok);
  const output = outputsOf(where, node)[0];
  if (!edge || !input || !output) return where.document;
  const without = applyEdit(where.document, { kind: "remove", graph: where.graph, nodes: [], edges: [edge] });
  const first = connect({ ...where, document: without }, edge.from, input);
  const wired = connect({ ...where, document: first }, output, edge.to);
  // Without a place of its own it gets one between its neighbours, and they make room.
  const loose = changeGraph(wired, where.graph, (graph) => changeNode(graph, node, ({ at: _, ...rest }) => rest));
  return settle(loose, where.graph, sizes());
}
