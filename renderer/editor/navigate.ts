import type { Rect } from "./place.ts";

/** From node to node with the arrow keys: left and right along the wires, up and down within a column. */

export type Direction = "left" | "right" | "up" | "down";

/**
 * The next node in a direction; undefined if there is none.
 * @param wires from canvas node to canvas node
 */
export function neighbour(
  rects: ReadonlyMap<string, Rect>,
  wires: readonly (readonly [string, string])[],
  from: string,
  direction: Direction,
): string | undefined {
  const here = rects.get(from);
  if (!here) return first(rects);
  if (direction === "left" || direction === "right") {
    const ends = wires.flatMap(([a, b]) => (direction === "right" ? (a === from ? [b] : []) : b === from ? [a] : []));
    const near = closest(rects, ends, (rect) => Math.abs(middle(rect).y - middle(here).y));
    return near ?? beyond(rects, from, here, direction);
  }
  return beyond(rects, from, here, direction);
}

/** The node furthest to the left, and of those the top one: where the arrows begin. */
export const first = (rects: ReadonlyMap<string, Rect>): string | undefined => [...rects].toSorted(([, a], [, b]) => a.x - b.x || a.y - b.y)[0]?.[0];

/** The nearest node that lies in a direction, straight ahead counting more than aside. */
function beyond(rects: ReadonlyMap<string, Rect>, from: string, here: Rect, direction: Direction): string | undefined {
  const at = middle(here);
  const ahead = (rect: Rect): number => {
    const to = middle(rect);
    return { left: at.x - to.x, right: to.x - at.x, up: at.y - to.y, down: to.y - at.y }[direction];
  };
  const aside = (rect: Rect): number => {
    const to = middle(rect);
    return direction === "up" || direction === "down" ? Math.abs(to.x - at.x) : Math.abs(to.y - at.y);
  };
  const ids = [...rects.keys()].filter((id) => {
    const rect = rects.get(id);
    return id !== from && rect && ahead(rect) > 4;
  });
  return closest(rects, ids, (rect) => ahead(rect) + 2.5 * aside(rect));
}

function closest(rects: ReadonlyMap<string, Rect>, ids: readonly string[], distance: (rect: Rect) => number): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    const rect = rects.get(id);
    const far = rect ? distance(rect) : Number.POSITIVE_INFINITY;
    if (far < least) {
      best = id;
      least = far;
    }
  }
  return best;
}

const middle = (rect: Rect) => ({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 });
