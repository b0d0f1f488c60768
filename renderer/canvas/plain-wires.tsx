import { useStoreApi, ViewportPortal } from "@xyflow/react";
import { memo, useEffect, useMemo, useRef } from "react";
import type { Edge } from "../../src/document/schema.ts";
import { type DocumentState, openGraph, useDocument } from "../stores/document.ts";
import { offerWires } from "./pick-wire.ts";
import { drawer, endsOf, nearest } from "./plain-lines.ts";
import { RaisedWires } from "./raised-wires.tsx";
import type { CanvasNode } from "./use-flow.ts";

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
  useEffect(
    () =>
      offerWires(
        (at, reach) =>
          nearest(
            ends.filter(({ id }) => !alive.has(id)),
            at,
            reach,
          )?.id,
      ),
    [ends, alive],
  );
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
      <RaisedWires ends={ends} alive={alive} />
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
