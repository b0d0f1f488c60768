import { applyNodeChanges, type Edge as FlowEdge, type Node as FlowNode, type NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useState } from "react";
import type { Edge } from "../../src/document/schema.ts";
import { canvasNode, edgeId, portOf } from "../editor/graph.ts";
import type { Selection } from "../stores/document.ts";
import { selectEdges, selectNodes } from "./selecting.ts";
import type { Wanted } from "./shown.ts";

/** `gradual`: the graph is so large that its nodes are drawn in full only where one looks. */
export type CanvasNode = FlowNode<{ readonly family: string; readonly gradual: boolean }>;

/**
 * The graph as React Flow wants it. A node's object stays the same as long as its place and selection do; positions
 * while dragging and measured sizes live here, the document hears of a drag when it ends.
 */
export function useFlowNodes(wanted: readonly Wanted[], selection: Selection, gradual: boolean) {
  const [held, setHeld] = useState<Held>(empty);
  // What the document now wants is taken in while drawing: an effect would have the whole canvas drawn a second time.
  let { nodes } = held;
  if (held.wanted !== wanted || held.selected !== selection.nodes || held.gradual !== gradual) {
    nodes = reconcile(nodes, wanted, new Set(selection.nodes), gradual);
    setHeld({ nodes, wanted, selected: selection.nodes, gradual });
  }
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const kept = changes.filter((one) => one.type === "position" || one.type === "dimensions");
      if (kept.length > 0) setHeld((before) => ({ ...before, nodes: applyNodeChanges(kept, before.nodes) }));
      selectNodes(changes, gradual);
    },
    [gradual],
  );
  return { nodes, onNodesChange, onEdgesChange: selectEdges };
}

/** The nodes on the canvas, and what they were made for. */
interface Held {
  readonly nodes: CanvasNode[];
  readonly wanted: readonly Wanted[];
  readonly selected: readonly string[];
  readonly gradual: boolean;
}
const empty: Held = { nodes: [], wanted: [], selected: [], gradual: false };

function reconcile(before: CanvasNode[], wanted: readonly Wanted[], selected: ReadonlySet<string>, gradual: boolean): CanvasNode[] {
  // As a rule each stands where it stood in the list: only after others came or went must it be looked for.
  let byId: Map<string, CanvasNode> | undefined;
  const find = (id: string): CanvasNode | undefined => {
    byId ??= new Map(before.map((node) => [node.id, node]));
    return byId.get(id);
  };
  const next = wanted.map(({ id, type, x, y, family }, i): CanvasNode => {
    const known = before[i]?.id === id ? before[i] : find(id);
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
      position: known && (known.dragging || (known.position.x === x && known.position.y === y)) ? known.position : { x, y },
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

/** The wires as React Flow wants them: those that are alive or selected, or all. */
export function useFlowEdges(wires: readonly Edge[], selection: Selection, alive: ReadonlySet<string> | undefined): FlowEdge[] {
  const cache = useMemo(() => new Map<string, FlowEdge>(), []);
  return useMemo(() => {
    const chosen = new Set(selection.edges);
    const edges: FlowEdge[] = [];
    for (const edge of wires) {
      const id = edgeId(edge);
      const selected = chosen.has(id);
      // A wire without ports of its own is not drawn there, but React Flow must know of it to let go of it.
      if (alive && !alive.has(id) && !selected) continue;
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
