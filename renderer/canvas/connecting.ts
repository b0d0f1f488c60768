import type { Connection, FinalConnectionState, HandleType } from "@xyflow/react";
import { applyEdit } from "../../src/document/edits.ts";
import { allowedEnds, canConnect, connect, firstFit, outputsOf } from "../editor/connect.ts";
import { edgeId, shownGraph } from "../editor/graph.ts";
import { wayOut } from "../editor/refused.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { notify } from "../stores/interface.ts";
import { canvasPoint, here, sizes } from "./controller.ts";
import { type LooseEnd, setCanvas, useCanvas } from "./store.ts";

/** Wires by the pointer: begun at a port, ended at a port, at a node, or in the open. */

/** A canvas node and its port as the document writes an end: a block's own ports are `in.x` both ways. */
export const endOf = (node: string, port: string): string => (node.includes(".") ? node : `${node}.${port}`);

export const ends = (connection: Pick<Connection, "source" | "sourceHandle" | "target" | "targetHandle">): { from: string; to: string } => ({
  from: endOf(connection.source, connection.sourceHandle ?? ""),
  to: endOf(connection.target, connection.targetHandle ?? ""),
});

export function startConnecting(node: string | null, port: string | null, side: HandleType | null): void {
  if (node === null || port === null) return;
  const end = endOf(node, port);
  const held: LooseEnd = side === "target" ? { to: end } : { from: end };
  setCanvas({ dragging: held, allowed: allowedEnds(here(), held), wire: undefined });
}

export function makeConnection(from: string, to: string): void {
  const where = here();
  const verdict = canConnect(where, from, to);
  if (!verdict.ok) {
    refuse(from, to, verdict.reason);
    return;
  }
  useDocument.getState().edit(`Connect ${from} to ${to}`, (document) => connect({ ...where, document }, from, to));
}

/** Says why not, and offers what would make it possible. */
function refuse(from: string, to: string, reason: string): void {
  const way = wayOut(here(), from, to, sizes());
  const run = () => way && useDocument.getState().edit(`Connect ${from} to ${to}`, way.apply);
  notify({ tone: "info", text: reason, ...(way && { action: { label: way.label, run } }) });
}

/** The wire has been let go. On a port that cannot take it: say why. On a node: its first port that can. In the open: search a layer for it. */
export function endConnecting(event: MouseEvent | TouchEvent, state: FinalConnectionState): void {
  const held = useCanvas.getState().dragging;
  setCanvas({ dragging: undefined, allowed: undefined });
  if (!held || state.isValid || !("fromHandle" in state)) return;
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  if (!point) return;
  const { toHandle } = state;
  if (toHandle) {
    const other = endOf(toHandle.nodeId, toHandle.id ?? "");
    const verdict = "from" in held ? canConnect(here(), held.from, other) : canConnect(here(), other, held.to);
    const [from, to] = "from" in held ? [held.from, other] : [other, held.to];
    if (!verdict.ok) refuse(from, to, verdict.reason);
    return;
  }
  const node = document.elementFromPoint(point.clientX, point.clientY)?.closest<HTMLElement>(".react-flow__node")?.dataset.id;
  if (node !== undefined) {
    connectToNode(held, node);
    return;
  }
  setCanvas({ dropSearch: { end: held, at: canvasPoint({ x: point.clientX, y: point.clientY }), screen: [point.clientX, point.clientY] } });
}

function connectToNode(held: LooseEnd, node: string): void {
  const where = here();
  if ("from" in held) {
    const fit = firstFit(where, [held.from], node);
    if (fit) makeConnection(fit.from, fit.to);
    else notify({ tone: "info", text: `${node} has no free input for ${held.from}. Drop the wire on the port you mean.` });
    return;
  }
  const from = outputsOf(where, node).find((output) => canConnect(where, output, held.to).ok);
  if (from) makeConnection(from, held.to);
  else notify({ tone: "info", text: `${node} has no output that ${held.to} can take.` });
}

/** A wire's end has been taken to another port. */
export function reconnect(id: string, from: string, to: string): void {
  const state = useDocument.getState();
  const graph = openGraph(state);
  const edge = shownGraph(state.document, graph).edges.find((one) => edgeId(one) === id);
  if (!edge || (edge.from === from && edge.to === to)) return;
  const without = applyEdit(state.document, { kind: "remove", graph, nodes: [], edges: [edge] });
  const where = { ...here(), document: without };
  const verdict = canConnect(where, from, to);
  if (!verdict.ok) {
    notify({ tone: "info", text: verdict.reason });
    return;
  }
  state.edit(`Reconnect ${edge.from}`, () => connect(where, from, to));
}

/** A wire's end has been dropped in the open: the wire goes. */
export function disconnect(id: string): void {
  const state = useDocument.getState();
  const graph = openGraph(state);
  const edge = shownGraph(state.document, graph).edges.find((one) => edgeId(one) === id);
  if (edge)
    state.edit(`Disconnect ${edge.from} from ${edge.to}`, (document) => applyEdit(document, { kind: "remove", graph, nodes: [], edges: [edge] }));
}
