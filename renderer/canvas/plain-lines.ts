import type { useStoreApi } from "@xyflow/react";
import type { Edge } from "../../src/document/schema.ts";
import { canvasNode, edgeId, indexOf, portOf, shownGraph } from "../editor/graph.ts";
import { nodeInfo } from "../editor/node-info.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { portHeight } from "./card-size.ts";
import type { CanvasNode } from "./use-flow.ts";
import { type Curve, curvePath, distanceTo, type Point, wireCurve } from "./wire-path.ts";

/** Lines of wires that React Flow knows nothing of: worked out once for each place of its ends. */

/** A wire of the open graph and what stands at its ends. */
export interface Ends {
  readonly id: string;
  readonly to: string;
  /** The canvas's nodes, and their ports. */
  readonly source: string;
  readonly target: string;
  readonly output: string;
  readonly input: string;
}
const known = new WeakMap<Edge, Ends>();

export function endsOf(edge: Edge): Ends {
  let ends = known.get(edge);
  if (!ends) {
    const { from, to } = edge;
    ends = { id: edgeId(edge), to, source: canvasNode(from), target: canvasNode(to), output: portOf(from), input: portOf(to) };
    known.set(edge, ends);
  }
  return ends;
}

type Bounds = NonNullable<ReturnType<typeof boundsOf>>;
/** A wire's line, and all that it followed from. */
interface Drawn {
  readonly source: CanvasNode;
  readonly target: CanvasNode;
  readonly from: Bounds | undefined;
  readonly to: Bounds | undefined;
  readonly curve: Curve;
  readonly path: string;
}
const drawn = new WeakMap<Ends, Drawn>();

export type Store = ReturnType<typeof useStoreApi>;
const boundsOf = (store: Store, id: string) => store.getState().nodeLookup.get(id)?.internals.handleBounds;

/** One long line through all of the wires. */
export function drawer(nodes: readonly CanvasNode[], store: Store): (wires: readonly Ends[]) => string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return (wires) => {
    let line = "";
    for (const wire of wires) {
      const source = byId.get(wire.source);
      const target = byId.get(wire.target);
      if (source && target) line += pathOf(wire, source, target, store);
    }
    return line;
  };
}

function pathOf(wire: Ends, source: CanvasNode, target: CanvasNode, store: Store): string {
  const from = boundsOf(store, wire.source) ?? undefined;
  const to = boundsOf(store, wire.target) ?? undefined;
  const before = drawn.get(wire);
  if (before && before.source === source && before.target === target && before.from === from && before.to === to) return before.path;
  const curve = wireCurve(anchor(source, from, wire.output, "source"), anchor(target, to, wire.input, "target"));
  const path = curvePath(curve);
  drawn.set(wire, { source, target, from, to, curve, path });
  return path;
}

/** Where a port stands: as measured if it has been, else where it will. */
function anchor(node: CanvasNode, bounds: Bounds | undefined, port: string, side: "source" | "target"): Point {
  const { x, y } = node.position;
  const handle = bounds?.[side]?.find(({ id }) => id === port);
  if (handle) return { x: x + handle.x + (side === "source" ? handle.width : 0), y: y + handle.y + handle.height / 2 };
  const { document, trail, env } = useDocument.getState();
  const graph = openGraph({ trail });
  const found = indexOf(shownGraph(document, graph)).nodes.get(node.id);
  const down = found ? portHeight(found, nodeInfo(document, graph, found, env), side === "source" ? "outputs" : "inputs", port) : 19;
  return { x: side === "source" ? x + (node.measured?.width ?? 0) : x, y: y + down };
}

/** The line of a wire as it was drawn last. */
export const curveOf = (wire: Ends): Curve | undefined => drawn.get(wire)?.curve;

/** The wire that passes nearest to a point, if any does within `reach` pixels at 100 %. */
export function nearest(wires: Iterable<Ends>, at: Point, reach: number): Ends | undefined {
  let found: Ends | undefined;
  let least = reach;
  for (const wire of wires) {
    const curve = curveOf(wire);
    const far = curve ? distanceTo(curve, at, least) : Number.POSITIVE_INFINITY;
    if (far >= least) continue;
    least = far;
    found = wire;
  }
  return found;
}
