import { Background, ConnectionLineType, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type DragEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { blockOf } from "../../src/document/blocks.ts";
import { openBlock } from "../commands/blocks.ts";
import { focusInspector } from "../commands/canvas.ts";
import { canConnect } from "../editor/connect.ts";
import { indexOf, shownGraph } from "../editor/graph.ts";
import { grid, move, snap } from "../editor/place.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { useInterface } from "../stores/interface.ts";
import { BoundaryNode } from "./boundary-node.tsx";
import "./canvas.css";
import "./node.css";
import { disconnect, endConnecting, ends, makeConnection, reconnect, startConnecting } from "./connecting.ts";
import { CanvasMenu } from "./context-menu.tsx";
import { attachCanvas, detachCanvas, here } from "./controller.ts";
import { CanvasControls } from "./controls.tsx";
import { dropOnCanvas, isLayerDrag } from "./drop.ts";
import { DropSearch } from "./drop-search.tsx";
import { EmptyCanvas } from "./empty-canvas.tsx";
import { LayerNode } from "./layer-node.tsx";
import { Overview } from "./overview.tsx";
import { detailAt, setCanvas, useCanvas } from "./store.ts";
import { type CanvasNode, domId, useFlowEdges, useFlowNodes } from "./use-flow.ts";
import { useLabels } from "./use-labels.ts";
import { useSelectionChanges } from "./use-selection.ts";
import { useViews } from "./use-views.ts";
import { Wire } from "./wire.tsx";
import { WireHint } from "./wire-hint.tsx";
import { KeyboardWireLine } from "./wire-preview.tsx";

const nodeTypes = { layer: LayerNode, boundary: BoundaryNode };
const edgeTypes = { wire: Wire };
/** React Flow's own remarks, such as a wire whose port is not there: the checker says it better, on the node. */
const ignore = () => undefined;
const snapGrid: [number, number] = [grid, grid];

/** The graph that is open. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Flow />
    </ReactFlowProvider>
  );
}

function Flow() {
  const document = useDocument((state) => state.document);
  const checked = useDocument((state) => state.checked);
  const env = useDocument((state) => state.env);
  const graphName = useDocument(openGraph);
  const selection = useDocument((state) => state.selection);
  const minimap = useInterface((state) => state.minimap);
  const detail = useCanvas((canvas) => detailAt(canvas.zoom));
  const connecting = useCanvas((canvas) => canvas.dragging !== undefined || canvas.wire !== undefined);
  const graph = shownGraph(document, graphName);
  const { nodes, change } = useFlowNodes(document, graphName, env, selection);
  const edges = useFlowEdges(graph.edges, selection);
  const onSelection = useSelectionChanges();
  const root = useRef<HTMLDivElement>(null);
  const flow = useReactFlow<CanvasNode>();
  useLabels(nodes, graph, graphName, checked);
  const ports = document.blocks?.[graphName];
  useViews(flow, graphName, nodes.length, graph.nodes.length + (ports?.inputs.length ?? 0) + (ports?.outputs.length ?? 0));

  useEffect(() => {
    if (root.current) attachCanvas(flow, root.current);
    return detachCanvas;
  }, [flow]);

  const onDragStop = useCallback((_: unknown, __: CanvasNode, moved: CanvasNode[]) => {
    const state = useDocument.getState();
    const places = new Map(moved.map((node) => [node.id, [snap(node.position.x), snap(node.position.y)] as const]));
    state.edit(`Move ${moved.length === 1 ? (moved[0]?.id ?? "") : `${moved.length} nodes`}`, (shown) => move(shown, openGraph(state), places));
  }, []);

  const onNodeDoubleClick = useCallback((_: unknown, node: CanvasNode) => {
    const where = here();
    const found = indexOf(shownGraph(where.document, where.graph)).nodes.get(node.id);
    const block = found && blockOf(found);
    if (block !== undefined && where.document.blocks?.[block]) openBlock(block);
    else focusInspector();
  }, []);

  const defaultEdgeOptions = useMemo(() => ({ reconnectable: true }), []);
  const cursor = selection.nodes.at(-1);
  return (
    <div className="canvas" ref={root} data-detail={detail} data-connecting={connecting || undefined}>
      <CanvasMenu>
        <ReactFlow<CanvasNode>
          className="canvas-area"
          data-canvas
          aria-label={graphName === "" ? "Canvas: main graph" : `Canvas: block ${graphName}`}
          aria-describedby="canvas-help"
          aria-activedescendant={cursor === undefined ? undefined : domId(cursor)}
          tabIndex={0}
          onPointerDownCapture={(event) => {
            if (event.target instanceof Element && !event.target.closest("input, textarea, button, [role=dialog]"))
              event.currentTarget.focus({ preventScroll: true });
          }}
          onDragOver={(event: DragEvent) => {
            if (!isLayerDrag(event.dataTransfer)) return;
            event.preventDefault();
            event.dataTransfer.dropEffect = "copy";
          }}
          onDrop={dropOnCanvas}
          nodes={nodes as CanvasNode[]}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={(changes) => {
            change(changes);
            onSelection.nodes(changes);
          }}
          onEdgesChange={onSelection.edges}
          onNodeDragStop={onDragStop}
          onSelectionDragStop={(event, moved) => onDragStop(event, moved[0] as CanvasNode, moved)}
          onNodeDoubleClick={onNodeDoubleClick}
          onNodeContextMenu={(_, node) => {
            if (!useDocument.getState().selection.nodes.includes(node.id)) useDocument.getState().select([node.id]);
          }}
          onEdgeContextMenu={(_, edge) => useDocument.getState().select([], [edge.id])}
          onPaneContextMenu={() => useDocument.getState().select([])}
          onPaneClick={(event) => {
            if (event.detail === 2)
              setCanvas({
                dropSearch: {
                  at: Object.values(flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })) as [number, number],
                  screen: [event.clientX, event.clientY],
                },
              });
          }}
          onEdgeMouseEnter={(_, edge) => setCanvas({ hovered: edge.id })}
          onEdgeMouseLeave={() => setCanvas({ hovered: undefined })}
          onConnectStart={(_, { nodeId, handleId, handleType }) => startConnecting(nodeId, handleId, handleType)}
          onConnect={(connection) => {
            const { from, to } = ends(connection);
            makeConnection(from, to);
          }}
          onConnectEnd={endConnecting}
          onReconnect={(edge, connection) => {
            const { from, to } = ends(connection);
            reconnect(edge.id, from, to);
          }}
          onReconnectEnd={(_, edge, __, state) => {
            if (!state.isValid && !("toHandle" in state && state.toHandle)) disconnect(edge.id);
          }}
          isValidConnection={(connection) => {
            const { from, to } = ends({
              ...connection,
              sourceHandle: connection.sourceHandle ?? null,
              targetHandle: connection.targetHandle ?? null,
            });
            return canConnect(here(), from, to).ok;
          }}
          onMove={(_, { zoom }) => zoom !== useCanvas.getState().zoom && setCanvas({ zoom })}
          defaultEdgeOptions={defaultEdgeOptions}
          connectionLineType={ConnectionLineType.Bezier}
          connectionRadius={26}
          minZoom={0.05}
          maxZoom={2.5}
          snapToGrid
          snapGrid={snapGrid}
          selectionMode={SelectionMode.Partial}
          multiSelectionKeyCode={["Shift", "Meta", "Control"]}
          deleteKeyCode={null}
          onlyRenderVisibleElements
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          elevateNodesOnSelect
          zoomOnDoubleClick={false}
          attributionPosition="top-right"
          onError={ignore}
        >
          <Background gap={20} size={1} color="var(--grid)" />
          {minimap && <Overview />}
          <KeyboardWireLine />
          <WireHint />
        </ReactFlow>
      </CanvasMenu>
      <p id="canvas-help" className="sr-only">
        Arrow keys go from node to node. Enter edits the node, C begins a wire, slash finds a layer to add, question mark lists all keys.
      </p>
      {graph.nodes.length === 0 && <EmptyCanvas block={graphName === "" ? undefined : graphName} />}
      <CanvasControls />
      <DropSearch />
    </div>
  );
}
