import { useMemo } from "react";
import type { GraphNode, NetloomDocument } from "../../src/document/schema.ts";
import type { Family } from "../../src/layers/families.ts";
import { registry } from "../../src/layers/registry.ts";

const node = { width: 200, height: 76 } as const;
const view = { width: 260, height: 104, pad: 14 } as const;

/** A graph in small: nodes in the hue of their family, wires between them. */
export function Thumbnail({ document }: { document: NetloomDocument }) {
  const { boxes, wires } = useMemo(() => layOut(document), [document]);
  return (
    <svg className="thumbnail" viewBox={`0 0 ${view.width} ${view.height}`} aria-hidden="true" focusable="false">
      {wires.map((d) => (
        <path key={d} d={d} />
      ))}
      {boxes.map(({ id, x, y, width, height, family }) => (
        <rect key={id} x={x} y={y} width={width} height={height} rx={Math.min(3, height / 3)} style={{ fill: `var(--hue-${family})` }} />
      ))}
    </svg>
  );
}

interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly family: Family | "block";
}

function layOut(document: NetloomDocument): { readonly boxes: readonly Box[]; readonly wires: readonly string[] } {
  const placed = document.nodes.map((one, i) => ({ one, at: one.at ?? ([i * 260, 0] as const) }));
  const left = Math.min(...placed.map(({ at }) => at[0]));
  const top = Math.min(...placed.map(({ at }) => at[1]));
  const right = Math.max(...placed.map(({ at }) => at[0])) + node.width;
  const bottom = Math.max(...placed.map(({ at }) => at[1])) + node.height;
  const sx = (view.width - 2 * view.pad) / Math.max(1, right - left);
  // Tall graphs are pressed together a little more than long ones: the flow from left to right is what one recognises.
  const sy = Math.min(sx * 1.6, (view.height - 2 * view.pad) / Math.max(1, bottom - top));
  const height = Math.max(5, Math.min(14, node.height * sy * 0.8));
  const width = Math.max(4, node.width * sx * 0.86);
  const shift = (view.height - (bottom - top) * sy) / 2;
  const boxes = placed.map(({ one, at }): Box => {
    const x = view.pad + (at[0] - left) * sx;
    const y = shift + (at[1] - top) * sy;
    return { id: one.id, x, y, width, height, family: familyOf(one) };
  });
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const wires = document.edges.flatMap((edge) => {
    const from = byId.get(edge.from.slice(0, edge.from.indexOf(".")));
    const to = byId.get(edge.to.slice(0, edge.to.indexOf(".")));
    if (from === undefined || to === undefined) return [];
    const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
    const bend = Math.max(6, (x2 - x1) / 2);
    return [`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`];
  });
  return { boxes, wires: [...new Set(wires)] };
}

const familyOf = ({ type }: GraphNode): Family | "block" => registry.get(type)?.family ?? "block";
