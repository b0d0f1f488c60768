import { useStoreApi, ViewportPortal } from "@xyflow/react";
import { memo, useMemo, useRef } from "react";
import type { Edge } from "../../src/document/schema.ts";
import { canvasNode, edgeId, indexOf, portOf, shownGraph } from "../editor/graph.ts";
import { nodeInfo } from "../editor/node-info.ts";
import { type DocumentState, openGraph, useDocument } from "../stores/document.ts";
import { portHeight } from "./card-size.ts";
import type { CanvasNode } from "./use-flow.ts";
import { curvePath, type Point, wireCurve } from "./wire-path.ts";

type Props = { nodes: readonly CanvasNode[]; edges: readonly Edge[]; alive: ReadonlySet<string> };

/** Wires drawn as one line; a change of one draws the others of its bundle again. */
const bundle = 64;

/**
 * The wires of a large graph that are not alive, as some long lines. While nodes are dragged only their wires are drawn
 * anew; those of selected nodes, and those that are wrong, are drawn once more in their colour above the rest.
 */
export const PlainWires = memo(function PlainWires({ nodes, edges, alive }: Props) {
  const chosen = useDocument((state) => state.selection.nodes);
  const wrongInputs = useDocument(faultyInputs);
  const store = useStoreApi();
  const ends = useMemo(() => edges.map(endsOf), [edges]);
  const moved = nodes.flatMap((node) => (node.dragging ? [node.id] : [])).join(" ");
  // Whatever else changes in the middle of a drag can wait for its end.
  const resting = useRef(nodes);
  if (moved === "" && !sameLayout(resting.current, nodes)) resting.current = nodes;
  const still = resting.current;

  const calm = useMemo(() => {
    const apart = new Set(moved.split(" "));
    const draw = drawer(still, store);
    const bundles: string[] = [];
    for (let i = 0; i < ends.length; i += bundle) {
      const those = ends.slice(i, i + bundle).filter(({ id, source, target }) => !alive.has(id) && !apart.has(source) && !apart.has(target));
      bundles.push(draw(those));
    }
    return bundles;
  }, [ends, alive, moved, still, store]);
  const wrong = useMemo(() => {
    if (wrongInputs === "") return "";
    const inputs = new Set(wrongInputs.split(" "));
    return drawer(still, store)(ends.filter(({ id, to }) => !alive.has(id) && inputs.has(to)));
  }, [ends, alive, wrongInputs, still, store]);
  const near = useMemo(() => {
    const selected = new Set(moved === "" ? chosen : moved.split(" "));
    return selected.size === 0 ? [] : ends.filter(({ id, source, target }) => !alive.has(id) && (selected.has(source) || selected.has(target)));
  }, [ends, alive, chosen, moved]);

  return (
    <ViewportPortal>
      <svg className="plain-wires" aria-hidden="true">
        {calm.map((path, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bundle is its place among them
          <path key={i} className="wire" d={path} />
        ))}
        {near.length > 0 && <path className="wire" data-state="near" d={drawer(nodes, store)(near)} />}
        {wrong !== "" && <path className="wire" data-state="wrong" d={wrong} />}
      </svg>
    </ViewportPortal>
  );
});

/** Inputs of the open graph that have an error, in a string: it changes only when they do. */
function faultyInputs(state: DocumentState): string {
  const graph = openGraph(state);
  const inputs = state.checked.problems.flatMap(({ severity, place }) =>
    severity === "error" && place.graph === graph && place.node !== undefined && place.port !== undefined ? [`${place.node}.${place.port}`] : [],
  );
  return inputs.join(" ");
}

/** Whether all nodes stand where they did, as large as they were: what is selected moves no wire. */
const sameLayout = (a: readonly CanvasNode[], b: readonly CanvasNode[]): boolean =>
  a.length === b.length &&
  a.every((node, i) => {
    const other = b[i];
    return node === other || (node.id === other?.id && node.position === other.position && node.measured === other.measured);
  });

interface Ends {
  readonly id: string;
  readonly to: string;
  /** The canvas's nodes, and their ports. */
  readonly source: string;
  readonly target: string;
  readonly output: string;
  readonly input: string;
}
const known = new WeakMap<Edge, Ends>();

function endsOf(edge: Edge): Ends {
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
  readonly path: string;
}
const drawn = new WeakMap<Ends, Drawn>();

type Store = ReturnType<typeof useStoreApi>;
const boundsOf = (store: Store, id: string) => store.getState().nodeLookup.get(id)?.internals.handleBounds;

/** One long line through all of the wires. */
function drawer(nodes: readonly CanvasNode[], store: Store): (wires: readonly Ends[]) => string {
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
  const path = curvePath(wireCurve(anchor(source, from, wire.output, "source"), anchor(target, to, wire.input, "target")));
  drawn.set(wire, { source, target, from, to, path });
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
