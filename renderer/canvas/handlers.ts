import type { Connection, Edge as FlowEdge, IsValidConnection, OnConnectStart, OnMove, OnReconnect, ReactFlowProps } from "@xyflow/react";
import type { DragEvent, MouseEvent, PointerEvent } from "react";
import { blockOf } from "../../src/document/blocks.ts";
import { openBlock } from "../commands/blocks.ts";
import { focusInspector } from "../commands/canvas.ts";
import { canConnect } from "../editor/connect.ts";
import { indexOf, shownGraph } from "../editor/graph.ts";
import { move, snap } from "../editor/place.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { disconnect, endConnecting, ends, makeConnection, reconnect, startConnecting } from "./connecting.ts";
import { canvasPoint, here } from "./controller.ts";
import { dropOnCanvas, isLayerDrag } from "./drop.ts";
import { inNextFrame } from "./next-frame.ts";
import { hoverWire, pickWire } from "./pick-wire.ts";
import { setCanvas, useCanvas } from "./store.ts";
import { zooming } from "./turns.ts";
import type { CanvasNode } from "./use-flow.ts";

/**
 * What the pointer does on the canvas. The same functions for as long as the page lives: React Flow tells everything
 * on the canvas of each one that is another than before.
 */

/** A drag is one edit, when it ends. In a large graph the nodes first come to rest where they are. */
function dropNodes(moved: readonly CanvasNode[]): void {
  if (moved.some(({ data }) => data.gradual)) inNextFrame(() => land(moved));
  else land(moved);
}

function land(moved: readonly CanvasNode[]): void {
  const state = useDocument.getState();
  const places = new Map(moved.map((node) => [node.id, [snap(node.position.x), snap(node.position.y)] as const]));
  state.edit(`Move ${moved.length === 1 ? (moved[0]?.id ?? "") : `${moved.length} nodes`}`, (shown) => move(shown, openGraph(state), places));
}

function openNode(id: string): void {
  const where = here();
  const found = indexOf(shownGraph(where.document, where.graph)).nodes.get(id);
  const block = found && blockOf(found);
  if (block !== undefined && where.document.blocks?.[block]) openBlock(block);
  else focusInspector();
}

function searchHere({ clientX: x, clientY: y }: MouseEvent): void {
  setCanvas({ dropSearch: { at: canvasPoint({ x, y }), screen: [x, y] } });
}

const isValid: IsValidConnection = ({ source, target, sourceHandle, targetHandle }) => {
  const { from, to } = ends({ source, target, sourceHandle: sourceHandle ?? null, targetHandle: targetHandle ?? null });
  return canConnect(here(), from, to).ok;
};

/** React Flow's own remarks, such as a wire whose port is not there: the checker says it better, on the node. */
const ignore = () => undefined;

export const handlers = {
  onPointerDownCapture(event: PointerEvent<HTMLDivElement>) {
    if (event.target instanceof Element && !event.target.closest("input, textarea, button, [role=dialog]"))
      event.currentTarget.focus({ preventScroll: true });
  },
  onDragOver(event: DragEvent) {
    if (!isLayerDrag(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  },
  onDrop: dropOnCanvas,
  onNodeDragStop: (_, __, moved) => dropNodes(moved),
  onSelectionDragStop: (_, moved) => dropNodes(moved),
  onNodeDoubleClick: (_, node) => openNode(node.id),
  onNodeContextMenu(_, node) {
    if (!useDocument.getState().selection.nodes.includes(node.id)) useDocument.getState().select([node.id]);
  },
  onEdgeContextMenu: (_, edge) => useDocument.getState().select([], [edge.id]),
  onPaneContextMenu: () => useDocument.getState().select([]),
  onPaneClick: (event) => pickWire(event) || (event.detail === 2 && searchHere(event)),
  onPaneMouseMove: hoverWire,
  onPaneMouseLeave: () => hoverWire(undefined),
  onEdgeMouseEnter: (_, edge) => setCanvas({ hovered: edge.id }),
  onEdgeMouseLeave: () => setCanvas({ hovered: undefined }),
  onConnectStart: ((_, { nodeId, handleId, handleType }) => startConnecting(nodeId, handleId, handleType)) satisfies OnConnectStart,
  onConnect(connection: Connection) {
    const { from, to } = ends(connection);
    makeConnection(from, to);
  },
  onConnectEnd: endConnecting,
  onReconnect: ((edge, connection) => {
    const { from, to } = ends(connection);
    reconnect(edge.id, from, to);
  }) satisfies OnReconnect,
  onReconnectEnd(_, edge, __, state) {
    if (!state.isValid && !("toHandle" in state && state.toHandle)) disconnect(edge.id);
  },
  isValidConnection: isValid,
  onMove: ((_, { zoom }) => {
    if (zoom === useCanvas.getState().zoom) return;
    zooming();
    setCanvas({ zoom });
  }) satisfies OnMove,
  onError: ignore,
} satisfies Partial<ReactFlowProps<CanvasNode, FlowEdge>>;
