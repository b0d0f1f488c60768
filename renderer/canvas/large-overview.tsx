import { Panel, useStore, useStoreApi } from "@xyflow/react";
import { memo, type PointerEvent, useMemo, useRef, type WheelEvent } from "react";
import { bounds, type Rect } from "../editor/place.ts";
import type { CanvasNode } from "./use-flow.ts";

/** The minimap of a large graph: all nodes of a family are one shape, so that drawing it costs no more than a few nodes. */
export function LargeOverview({ nodes }: { nodes: readonly CanvasNode[] }) {
  const store = useStoreApi();
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  // A node on its way is shown where it was: its place changes every frame, the picture hardly.
  const resting = useRef(nodes);
  if (!nodes.some((node) => node.dragging)) resting.current = nodes;
  const still = resting.current;
  const graph = useMemo(() => bounds(still.map(rectOf)), [still]);
  const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  const all = bounds(graph ? [graph, view] : [view]) ?? view;
  const margin = 0.06 * Math.max(all.width, all.height);
  const box = { x: all.x - margin, y: all.y - margin, width: all.width + 2 * margin, height: all.height + 2 * margin };

  const goTo = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons !== 1) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(event.currentTarget.getScreenCTM()?.inverse());
    void store.getState().setCenter(at.x, at.y, { zoom });
  };
  const zoomBy = (event: WheelEvent) => {
    const { panZoom, minZoom, maxZoom } = store.getState();
    const next = Math.min(maxZoom, Math.max(minZoom, zoom * 2 ** (-event.deltaY * 0.002)));
    void panZoom?.scaleTo(next);
  };
  return (
    <Panel position="bottom-right" className="react-flow__minimap">
      <svg
        viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
        role="img"
        aria-label="Minimap"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          goTo(event);
        }}
        onPointerMove={goTo}
        onWheel={zoomBy}
      >
        <Families nodes={still} />
        <path className="react-flow__minimap-mask" fillRule="evenodd" d={rectPath(box) + rectPath(view)} pointerEvents="none" />
      </svg>
    </Panel>
  );
}

const Families = memo(function Families({ nodes }: { nodes: readonly CanvasNode[] }) {
  const shapes = new Map<string, string>();
  for (const node of nodes) shapes.set(node.data.family, (shapes.get(node.data.family) ?? "") + rectPath(rectOf(node)));
  return [...shapes].map(([family, shape]) => <path key={family} d={shape} fill={`var(--hue-${family})`} />);
});

const rectOf = ({ position, measured }: CanvasNode): Rect => ({ ...position, width: measured?.width ?? 0, height: measured?.height ?? 0 });
const rectPath = ({ x, y, width, height }: Rect): string => `M${x},${y}h${width}v${height}h${-width}z`;
