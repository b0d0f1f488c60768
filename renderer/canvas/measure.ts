import { type ReactFlowState, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { domId } from "./dom-id.ts";
import { takeTurn } from "./turns.ts";

/** React Flow learns where ports stand by measuring. Nodes that ask at the same time are measured together: each time for itself costs a look at all of them. */

type Measure = ReactFlowState["updateNodeInternals"];
const asking = new Set<string>();

function measureSoon(id: string, measure: Measure): void {
  if (asking.size === 0)
    takeTurn(() => {
      const nodes: Parameters<Measure>[0] = new Map();
      for (const one of asking) {
        const nodeElement = document.getElementById(domId(one))?.closest<HTMLDivElement>(".react-flow__node");
        if (nodeElement) nodes.set(one, { id: one, nodeElement, force: true });
      }
      asking.clear();
      measure(nodes);
    });
  asking.add(id);
}

/** Wires begin where their ports stand: a node is measured again when there are others. */
export function useMeasuredPorts(id: string, ports: string): void {
  const store = useStoreApi();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names of the ports are what calls for it
  useEffect(() => measureSoon(id, store.getState().updateNodeInternals), [store, id, ports]);
}
