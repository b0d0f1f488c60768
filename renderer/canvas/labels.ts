import { overlap, type Rect } from "../editor/place.ts";
import { curvePoint, type Point, wireCurve } from "./wire-path.ts";

/** Where the shapes on the wires find room: on the wire, off the nodes and off each other; nowhere if there is none. */

export interface LabelledWire {
  readonly id: string;
  readonly from: Point;
  readonly to: Point;
  readonly text: string;
  /** Wires of one output bear one label between them. */
  readonly source: string;
}

export const labelHeight = 18;
/** A letter of the label's font is this wide, the frame included at the ends. */
export const labelWidth = (text: string): number => text.length * 6.3 + 12;

/** Along the wire, the middle first. */
const places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

/** The middle of each label that has room. */
export function placeLabels(wires: readonly LabelledWire[], nodes: Iterable<Rect>): ReadonlyMap<string, Point> {
  const taken = new Cells();
  for (const rect of nodes) taken.add(rect, 3);
  const placed = new Map<string, Point>();
  const named = new Set<string>();
  // Short wires have the least choice: they come first.
  for (const wire of wires.toSorted((a, b) => length(a) - length(b))) {
    if (wire.text === "" || named.has(wire.source)) continue;
    const spot = room(wire, taken);
    if (!spot) continue;
    named.add(wire.source);
    placed.set(wire.id, spot.at);
    taken.add(spot.rect, 4);
  }
  return placed;
}

const length = ({ from, to }: LabelledWire): number => Math.hypot(to.x - from.x, to.y - from.y);

function room(wire: LabelledWire, taken: Cells): { at: Point; rect: Rect } | undefined {
  const width = labelWidth(wire.text);
  const curve = wireCurve(wire.from, wire.to);
  for (const t of places) {
    const at = curvePoint(curve, t);
    const rect = { x: at.x - width / 2, y: at.y - labelHeight / 2, width, height: labelHeight };
    if (!taken.hits(rect)) return { at, rect };
  }
  // Between two nodes that stand close together: over the gap, clear of both.
  const middle = curvePoint(curve, 0.5);
  for (const lift of [34, -34]) {
    const at = { x: middle.x, y: middle.y - lift };
    const rect = { x: at.x - width / 2, y: at.y - labelHeight / 2, width, height: labelHeight };
    if (Math.abs(wire.to.x - wire.from.x) < width + 12 && Math.abs(wire.to.y - wire.from.y) < 12 && !taken.hits(rect)) return { at, rect };
  }
  return undefined;
}

/** Rectangles sorted into squares of the plane, so that asking does not cost a look at every one. */
class Cells {
  private readonly size = 256;
  private readonly cells = new Map<string, { rect: Rect; margin: number }[]>();

  add(rect: Rect, margin: number): void {
    for (const key of this.keys(rect, margin)) {
      const list = this.cells.get(key);
      if (list) list.push({ rect, margin });
      else this.cells.set(key, [{ rect, margin }]);
    }
  }

  hits(rect: Rect): boolean {
    for (const key of this.keys(rect, 0)) if (this.cells.get(key)?.some((other) => overlap(rect, other.rect, other.margin))) return true;
    return false;
  }

  private *keys(rect: Rect, margin: number): Generator<string> {
    const cell = (value: number) => Math.floor(value / this.size);
    for (let x = cell(rect.x - margin); x <= cell(rect.x + rect.width + margin); x++)
      for (let y = cell(rect.y - margin); y <= cell(rect.y + rect.height + margin); y++) yield `${x} ${y}`;
  }
}
