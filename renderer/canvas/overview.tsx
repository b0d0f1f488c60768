import { MiniMap, type ReactFlowState, useStore } from "@xyflow/react";
import { LargeOverview } from "./large-overview.tsx";
import type { CanvasNode } from "./use-flow.ts";

/** Below this width the minimap would hide more than it tells. */
const least = 420;

/** The minimap, while there is more of the graph than the view holds: else it would lie over what it shows. */
export function Overview({ nodes, large }: { nodes: readonly CanvasNode[]; large: boolean }) {
  const useful = useStore((state) => state.width >= least && !isAllInView(state));
  if (large) return useful && <LargeOverview nodes={nodes} />;
  return (
    useful && (
      <MiniMap<CanvasNode> pannable zoomable nodeColor={hueOf} nodeStrokeWidth={0} nodeBorderRadius={8} ariaLabel="Minimap" position="bottom-right" />
    )
  );
}

const hueOf = (node: CanvasNode): string => `var(--hue-${node.data.family})`;

function isAllInView({ nodeLookup, transform: [x, y, zoom], width, height }: ReactFlowState): boolean {
  for (const { internals, measured } of nodeLookup.values()) {
    const left = internals.positionAbsolute.x * zoom + x;
    const top = internals.positionAbsolute.y * zoom + y;
    const right = left + (measured.width ?? 0) * zoom;
    const bottom = top + (measured.height ?? 0) * zoom;
    if (left < 0 || top < 0 || right > width || bottom > height) return false;
  }
  return true;
}
