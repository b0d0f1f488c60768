import { applyNodeChanges, type Edge as FlowEdge, type Node as FlowNode, type NodeChange } from "@xyflow/react";
import { useCallback, useLayoutEffect, useMemo, useState } from "react";
import type { Graph, NetloomDocument } from "../../src/document/schema.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import { canvasNode, edgeId, portOf, shownGraph } from "../editor/graph.ts";
import { nodeInfo } from "../editor/node-info.ts";
import { placesOf, portPlaces } from "../editor/place.ts";
import type { Selection } from "../stores/document.ts";
import { selectEdges, selectNodes } from "./selecting.ts";

/** `gradual`: the graph is so large that its nodes are drawn in full only where one looks. */
export type CanvasNode = FlowNode<{ readonly family: string; readonly gradual: boolean }>;

/**
 * The graph as React Flow wants it. A node's object stays the same as long as its place and selection do; positions
 * while dragging and measured sizes live here, the document hears of a drag when it ends.
 */
export function useFlowNodes(document: NetloomDocument, graphName: string, env: InferEnv, selection: Selection, gradual: boolean) {
  const [nodes, setNodes] = useState<CanvasNode[]>([]);
  const graph = shownGraph(document, graphName);
  const wanted = useMemo(() => describe(document, graph, graphName, env), [document, graph, graphName, env]);
  useLayoutEffect(() => {
    const chosen = new Set(selection.nodes);
    setNodes((before) => reconcile(before, wanted, chosen, gradual));
  }, [wanted, selection.nodes, gradual]);
  const onNodesChange = useCallback((changes: NodeChange<CanvasNode>[]) => {
    const kept = changes.filter((one) => one.type === "position" || one.type === "dimensions");
    if (kept.length > 0) setNodes((before) => applyNodeChanges(kept, before));
    selectNodes(changes);
  }, []);
  return { nodes, onNodesChange, onEdgesChange: selectEdges };
}

interface Wanted {
  readonly id: string;
  readonly type: "layer" | "boundary";
  readonly x: number;
  readonly y: number;
  readonly family: string;
}

function describe(document: NetloomDocument, graph: Graph, graphName: string, env: InferEnv): readonly Wanted[] {
  const places = placesOf(graph);
  const layers = graph.nodes.map((node): Wanted => {
    const [x, y] = places.get(node.id) ?? [0, 0];
    return { id: node.id, type: "layer", x, y, family: nodeInfo(document, graphName, node, env).family };
  });
  const ports = [...portPlaces(document, graphName, new Map())].map(([id, [x, y]]): Wanted => ({ id, type: "boundary", x, y, family: "block" }));
  return [...layers, ...ports];
}

function reconcile(before: CanvasNode[], wanted: readonly Wanted[], selected: ReadonlySet<string>, gradual: boolean): CanvasNode[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const next = wanted.map(({ id, type, x, y, family }): CanvasNode => {
    const known = old.get(id);
    const chosen = selected.has(id);
    if (
      known &&
      known.type === type &&
      (known.dragging || (known.position.x === x && known.position.y === y)) &&
      known.selected === chosen &&
      known.data.family === family &&
      known.data.gradual === gradual
    )
      return known;
    return {
      ...known,
      id,
      type,
      position: known?.dragging ? known.position : { x, y },
      selected: chosen,
      data: dataOf(family, gradual),
      domAttributes: plain,
    };
  });
  return next.length === before.length && next.every((node, i) => node === before[i]) ? before : next;
}

/** One object for all nodes of a family. */
const datas = new Map<string, CanvasNode["data"]>();
function dataOf(family: string, gradual: boolean): CanvasNode["data"] {
  const key = `${family} ${gradual}`;
  let data = datas.get(key);
  if (!data) datas.set(key, (data = { family, gradual }));
  return data;
}

/** React Flow calls its wrapper a "node"; the card inside names itself. */
const plain = { "aria-roledescription": undefined };

/** The wires as React Flow wants them: those that are alive, or all. */
export function useFlowEdges(wires: Graph["edges"], selection: Selection, alive: ReadonlySet<string> | undefined): FlowEdge[] {
  const cache = useMemo(() => new Map<string, FlowEdge>(), []);
  return useMemo(() => {
    const chosen = new Set(selection.edges);
    const edges: FlowEdge[] = [];
    for (const edge of wires) {
      const id = edgeId(edge);
      if (alive && !alive.has(id)) continue;
      const selected = chosen.has(id);
      const known = cache.get(id);
      if (known && known.selected === selected) {
        edges.push(known);
        continue;
      }
      const made: FlowEdge = {
        id,
        type: "wire",
        source: canvasNode(edge.from),
        sourceHandle: portOf(edge.from),
        target: canvasNode(edge.to),
        targetHandle: portOf(edge.to),
        selected,
        ariaLabel: `Wire from ${edge.from} to ${edge.to}`,
      };
      cache.set(id, made);
      edges.push(made);
    }
    return edges;
  }, [wires, selection.edges, alive, cache]);
}
