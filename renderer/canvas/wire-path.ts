/** The line of a wire: a curve that leaves to the right and arrives from the left, wherever its ends are. */

export interface Point {
  readonly x: number;
  readonly y: number;
}
type Curve = readonly [Point, Point, Point, Point];

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
