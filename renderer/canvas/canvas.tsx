import { Background, ConnectionLineType, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useEffect, useRef } from "react";
import { grid } from "../editor/place.ts";
import { useDocument } from "../stores/document.ts";
import { useInterface } from "../stores/interface.ts";
import { BoundaryNode } from "./boundary-node.tsx";
import "./canvas.css";
import "./node.css";
import { CanvasMenu } from "./context-menu.tsx";
import { attachCanvas, detachCanvas } from "./controller.ts";
import { CanvasControls } from "./controls.tsx";
import { domId } from "./dom-id.ts";
import { DropSearch } from "./drop-search.tsx";
import { EmptyCanvas } from "./empty-canvas.tsx";
import { handlers } from "./handlers.ts";
import { LayerNode } from "./layer-node.tsx";
import { largeGraph, useLevels } from "./levels.ts";
import { Overview } from "./overview.tsx";
import { PlainWires } from "./plain-wires.tsx";
import { createShown } from "./shown.ts";
import { detailAt, useCanvas } from "./store.ts";
import { type CanvasNode, useFlowEdges, useFlowNodes } from "./use-flow.ts";
import { useLabels } from "./use-labels.ts";
import { useViews } from "./use-views.ts";
import { Wire } from "./wire.tsx";
import { WireHint } from "./wire-hint.tsx";
import { KeyboardWireLine } from "./wire-preview.tsx";

const nodeTypes = { layer: LayerNode, boundary: BoundaryNode };
const edgeTypes = { wire: Wire };
const snapGrid: [number, number] = [grid, grid];
const defaultEdgeOptions = { reconnectable: true };
const withMore = ["Shift", "Meta", "Control"];
const shown = createShown();
/** Above this many nodes those out of view are not on the page at all: bringing them back costs less than keeping them. */
const hugeGraph = 4000;

/** The graph that is open. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Flow />
    </ReactFlowProvider>
  );
}

function Flow() {
  const { graph: graphName, wanted, edges: graphEdges, count } = useDocument(shown);
  const selection = useDocument((state) => state.selection);
  const minimap = useInterface((state) => state.minimap);
  const detail = useCanvas((canvas) => detailAt(canvas.zoom));
  const connecting = useCanvas((canvas) => canvas.dragging !== undefined || canvas.wire !== undefined);
  const gradual = count > largeGraph;
  const { nodes, onNodesChange, onEdgesChange } = useFlowNodes(wanted, selection, gradual);
  const alive = useLevels(nodes, graphEdges, gradual);
  const edges = useFlowEdges(graphEdges, selection, alive);
  const root = useRef<HTMLDivElement>(null);
  const flow = useReactFlow<CanvasNode>();
  useLabels(nodes, edges, graphName);
  useViews(flow, graphName, nodes.length, wanted.length);

  useEffect(() => {
    if (root.current) attachCanvas(flow, root.current);
    return detachCanvas;
  }, [flow]);

  const cursor = selection.nodes.at(-1);
  return (
    <div className="canvas" ref={root} data-detail={detail} data-connecting={connecting || undefined}>
      <CanvasMenu>
        <ReactFlow<CanvasNode>
          {...handlers}
          className="canvas-area"
          data-canvas
          aria-label={graphName === "" ? "Canvas: main graph" : `Canvas: block ${graphName}`}
          aria-describedby="canvas-help"
          aria-activedescendant={cursor === undefined ? undefined : domId(cursor)}
          tabIndex={0}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          defaultEdgeOptions={defaultEdgeOptions}
          connectionLineType={ConnectionLineType.Bezier}
          connectionRadius={26}
          minZoom={0.05}
          maxZoom={2.5}
          snapToGrid
          snapGrid={snapGrid}
          selectionMode={SelectionMode.Partial}
          multiSelectionKeyCode={withMore}
          deleteKeyCode={null}
          onlyRenderVisibleElements={!gradual || nodes.length > hugeGraph}
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          elevateNodesOnSelect
          zoomOnDoubleClick={false}
          attributionPosition="top-right"
        >
          <Background gap={20} size={1} color="var(--grid)" />
          {alive && <PlainWires nodes={nodes} edges={graphEdges} alive={alive} />}
          {minimap && <Overview nodes={nodes} large={gradual} />}
          <KeyboardWireLine />
          <WireHint />
        </ReactFlow>
      </CanvasMenu>
      <p id="canvas-help" className="sr-only">
        Arrow keys go from node to node. Enter edits the node, C begins a wire, slash finds a layer to add, question mark lists all keys.
      </p>
      {count === 0 && <EmptyCanvas block={graphName === "" ? undefined : graphName} />}
      <CanvasControls />
      <DropSearch />
    </div>
  );
}
