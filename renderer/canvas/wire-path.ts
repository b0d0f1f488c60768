/** The line of a wire: a curve that leaves to the right and arrives from the left, wherever its ends are. */

export interface Point {
  readonly x: number;
  readonly y: number;
}
export type Curve = readonly [Point, Point, Point, Point];

export function wireCurve(from: Point, to: Point): Curve {
  const dx = to.x - from.x;
  const reach = dx >= 0 ? Math.max(dx * 0.5, Math.min(40, Math.abs(to.y - from.y) / 2)) : Math.min(220, 30 + 8 * Math.sqrt(-dx));
  return [from, { x: from.x + reach, y: from.y }, { x: to.x - reach, y: to.y }, to];
}

export const curvePath = ([a, b, c, d]: Curve): string => `M${a.x},${a.y} C${b.x},${b.y} ${c.x},${c.y} ${d.x},${d.y}`;

/** The point of the curve at `t`, 0 at its beginning and 1 at its end. */
export function curvePoint([a, b, c, d]: Curve, t: number): Point {
  const s = 1 - t;
  const mix = (p: number, q: number, r: number, u: number) => s * s * s * p + 3 * s * s * t * q + 3 * s * t * t * r + t * t * t * u;
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}

/** Pieces that a curve is taken for straight in. */
const pieces = 24;

/** How far a point is from a curve; Infinity where that is `reach` or more, which is seen without a closer look: the curve stays within the box around its four points. */
export function distanceTo(curve: Curve, at: Point, reach: number): number {
  const [a, b, c, d] = curve;
  const outside = (low: number, high: number, value: number) => value < low - reach || value > high + reach;
  if (outside(Math.min(a.x, b.x, c.x, d.x), Math.max(a.x, b.x, c.x, d.x), at.x)) return Number.POSITIVE_INFINITY;
  if (outside(Math.min(a.y, b.y, c.y, d.y), Math.max(a.y, b.y, c.y, d.y), at.y)) return Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  let from: Point = a;
  for (let i = 1; i <= pieces; i++) {
    const to = curvePoint(curve, i / pieces);
    least = Math.min(least, distanceToSegment(from, to, at));
    from = to;
  }
  return least < reach ? least : Number.POSITIVE_INFINITY;
}

function distanceToSegment(from: Point, to: Point, at: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((at.x - from.x) * dx + (at.y - from.y) * dy) / square));
  return Math.hypot(at.x - from.x - along * dx, at.y - from.y - along * dy);
}
