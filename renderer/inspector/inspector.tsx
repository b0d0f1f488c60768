import { type KeyboardEvent, memo } from "react";
import { focusCanvas } from "../canvas/controller.ts";
import { isPortNode } from "../editor/graph.ts";
import { openGraph, type Selection, useDocument } from "../stores/document.ts";
import { TrainingSettings } from "../training/phases.tsx";
import { BlockSettings } from "./block-settings.tsx";
import "./inspector.css";
import { inspected } from "./inspected.ts";
import { ManyNodes } from "./many-nodes.tsx";
import { OneNode } from "./one-node.tsx";
import { OneWire } from "./one-wire.tsx";
import { useRested } from "./use-rested.ts";

/** What is selected, a moment after the canvas shows that it is: no gesture there waits for a form to be built. */
export function Inspector() {
  const selection = useRested(useDocument((state) => state.selection));
  const graph = useRested(useDocument(openGraph));
  /** The way back for the keyboard; what hangs above the inspector, an open list, keeps its own Escape. */
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !(event.target instanceof Node) || !event.currentTarget.contains(event.target)) return;
    event.stopPropagation();
    focusCanvas();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leaves the fields within
    <div className="inspector" data-inspector data-shows={inspected({ selection, graph })} onKeyDown={onKeyDown}>
      <Inspected selection={selection} graph={graph} />
    </div>
  );
}

/** With nothing selected: the open block, or the document and its training. */
const Inspected = memo(function Inspected({ selection, graph }: { selection: Selection; graph: string }) {
  const nodes = selection.nodes.filter((id) => !isPortNode(id));
  const [node] = nodes;
  const [wire] = selection.edges;
  if (nodes.length > 1) return <ManyNodes ids={nodes} />;
  if (node !== undefined) return <OneNode id={node} />;
  if (wire !== undefined && selection.edges.length === 1) return <OneWire id={wire} />;
  if (graph !== "") return <BlockSettings key={graph} name={graph} />;
  return (
    <>
      <h2 className="sr-only">Document</h2>
      <TrainingSettings />
    </>
  );
});
