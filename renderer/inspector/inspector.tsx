import type { KeyboardEvent } from "react";
import { focusCanvas } from "../canvas/controller.ts";
import { isPortNode } from "../editor/graph.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { TrainingSettings } from "../training/phases.tsx";
import { BlockSettings } from "./block-settings.tsx";
import "./inspector.css";
import { ManyNodes } from "./many-nodes.tsx";
import { OneNode } from "./one-node.tsx";
import { OneWire } from "./one-wire.tsx";

/** What is selected; with nothing selected, the open block, or the document and its training. */
export function Inspector() {
  const selection = useDocument((state) => state.selection);
  const graph = useDocument(openGraph);
  const nodes = selection.nodes.filter((id) => !isPortNode(id));
  const [node] = nodes;
  const [wire] = selection.edges;
  /** The way back for the keyboard; what hangs above the inspector, an open list, keeps its own Escape. */
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !(event.target instanceof Node) || !event.currentTarget.contains(event.target)) return;
    event.stopPropagation();
    focusCanvas();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leaves the fields within
    <div className="inspector" data-inspector onKeyDown={onKeyDown}>
      {nodes.length > 1 ? (
        <ManyNodes ids={nodes} />
      ) : node !== undefined ? (
        <OneNode key={node} id={node} />
      ) : wire !== undefined && selection.edges.length === 1 ? (
        <OneWire id={wire} />
      ) : graph !== "" ? (
        <BlockSettings key={graph} name={graph} />
      ) : (
        <>
          <h2 className="sr-only">Document</h2>
          <TrainingSettings />
        </>
      )}
    </div>
  );
}
