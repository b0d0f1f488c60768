import * as tf from "@tensorflow/tfjs-core";

/**
 * Increasing functions of one number, each steered by a few parameters: what couplings and elementwise flows are made of (UDL 16.3.2, 16.3.3).
 * All start as the identity where their parameters are 0, and are the identity outside ±range, where they have one.
 */
export const transformKinds = ["affine", "additive", "rational-quadratic", "piecewise-linear"] as const;
export interface Transform {
  readonly kind: (typeof transformKinds)[number];
  readonly bins: number;
  readonly range: number;
  /** Largest absolute log-scale of `affine`, approached smoothly. */
  readonly clamp: number;
}

/** Parameters for each number that is changed. */
export const parametersOf = ({ kind, bins }: Pick<Transform, "kind" | "bins">): number =>
  kind === "affine" ? 2 : kind === "additive" ? 1 : kind === "piecewise-linear" ? bins : 3 * bins - 1;

/** The transform's output and the logarithm of its slope, both of x's shape. */
export interface Moved {
  readonly y: tf.Tensor;
  readonly logSlope: tf.Tensor;
}

/**
 * @param x numbers `[…]`.
 * @param raw their parameters, unbounded: `[…, parametersOf]`, or without leading axes that are the same for all.
 * @param inverse undoes it: y is then what would have given x, and the slope that of the inverse.
 */
export function transform(x: tf.Tensor, raw: tf.Tensor, t: Transform, inverse: boolean): Moved {
  switch (t.kind) {
    case "additive": {
      const shift = tf.squeeze(raw, [raw.rank - 1]);
      return { y: inverse ? tf.sub(x, shift) : tf.add(x, shift), logSlope: tf.zerosLike(x) };
    }
    case "affine": {
      const [scale, shift] = tf.split(raw, 2, raw.rank - 1).map((part) => tf.squeeze(part, [raw.rank - 1])) as [tf.Tensor, tf.Tensor];
      const log = tf.mul(tf.tanh(tf.div(scale, t.clamp)), t.clamp);
      const logSlope = tf.add(inverse ? tf.neg(log) : log, tf.zerosLike(x));
      return { y: inverse ? tf.mul(tf.sub(x, shift), tf.exp(logSlope)) : tf.add(tf.mul(x, tf.exp(logSlope)), shift), logSlope };
    }
    case "piecewise-linear":
    case "rational-quadratic": {
      const shape = x.shape;
      const n = raw.shape.at(-1) as number;
      const size = tf.util.sizeFromShape(shape);
      const each = raw.size / n === size ? raw : tf.add(tf.zeros([...shape, n]), raw);
      const { y, logSlope } = spline(tf.reshape(x, [size, 1]), tf.reshape(each, [size, n]), t, inverse);
      return { y: tf.reshape(y, shape), logSlope: tf.reshape(logSlope, shape) };
    }
  }
}

/** Least share of the range that a bin takes, and least slope at a knot. */
const least = 1e-3;
/** softplus of it is 1 − least: slopes start at 1. */
const unitSlope = Math.log(Math.expm1(1 - least));

/** Sums of what comes before each bin: `[n, bins] → [n, bins]`. */
const before = (sizes: tf.Tensor2D, bins: number): tf.Tensor2D =>
  tf.matMul(
    sizes,
    tf.tensor2d(
      Array.from({ length: bins }, (_, i) => Array.from({ length: bins }, (_, j) => (i < j ? 1 : 0))),
      [bins, bins],
    ),
  );

/** x `[n, 1]`, parameters `[n, …]`. */
function spline(x: tf.Tensor, raw: tf.Tensor, { kind, bins, range }: Transform, inverse: boolean): Moved {
  const shares = (from: number) =>
    tf.mul(tf.add(tf.mul(tf.softmax(tf.slice(raw, [0, from], [-1, bins])), 1 - least * bins), least), 2 * range) as tf.Tensor2D;
  const rational = kind === "rational-quadratic";
  const heights = shares(0);
  const widths = rational ? shares(bins) : (tf.fill(heights.shape, (2 * range) / bins) as tf.Tensor2D);
  const [left, bottom] = [before(widths, bins), before(heights, bins)].map((knots) => tf.sub(knots, range)) as [tf.Tensor, tf.Tensor];

  const starts = inverse ? bottom : left;
  // The bin by steps, not by a search: every backend has them and their gradient, and bins are few.
  const after = tf.step(tf.sub(x, starts));
  const next = tf.pad(tf.slice(after, [0, 1], [-1, bins - 1]), [
    [0, 0],
    [0, 1],
  ]);
  const chosen = tf.sub(after, next);
  const pick = (values: tf.Tensor) => tf.sum(tf.mul(chosen, values), 1, true);
  const inside = tf.step(tf.sub(range, tf.abs(x)));
  const [h, w, x0, y0] = [pick(heights), pick(widths), pick(left), pick(bottom)] as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  // Left of all bins none is chosen: any numbers do, as long as their gradients are finite.
  const empty = tf.sub(1, tf.sum(chosen, 1, true));
  const [height, width] = [tf.add(h, empty), tf.add(w, empty)];
  const slope = tf.div(height, width);
  const keep = (y: tf.Tensor, log: tf.Tensor): Moved => ({ y: tf.add(x, tf.mul(inside, tf.sub(y, x))), logSlope: tf.mul(inside, log) });
  if (!rational) {
    const log = tf.log(slope);
    return inverse ? keep(tf.add(x0, tf.div(tf.sub(x, y0), slope)), tf.neg(log)) : keep(tf.add(y0, tf.mul(tf.sub(x, x0), slope)), log);
  }
  const inner = tf.add(tf.softplus(tf.add(tf.slice(raw, [0, 2 * bins], [-1, bins - 1]), unitSlope)), least);
  const ones = tf.onesLike(x);
  const [d0, d1] = [pick(tf.concat([ones, inner], 1)), pick(tf.concat([inner, ones], 1))] as [tf.Tensor, tf.Tensor];
  const bend = tf.sub(tf.add(d0, d1), tf.mul(slope, 2));
  let xi: tf.Tensor;
  if (inverse) {
    // The root of a quadratic equation that lies in the bin (Durkan et al., 2019, equations 6–8).
    const rise = tf.mul(tf.sub(x, y0), inside);
    const a = tf.add(tf.mul(height, tf.sub(slope, d0)), tf.mul(rise, bend));
    const b = tf.sub(tf.mul(height, d0), tf.mul(rise, bend));
    const c = tf.neg(tf.mul(slope, rise));
    const root = tf.sqrt(tf.maximum(tf.sub(tf.square(b), tf.mul(tf.mul(a, c), 4)), 1e-12));
    xi = tf.div(tf.mul(c, 2), tf.sub(tf.neg(b), tf.add(root, 1e-12)));
  } else xi = tf.mul(tf.div(tf.sub(x, x0), width), inside);
  const rest = tf.sub(1, xi);
  const both = tf.mul(xi, rest);
  const below = tf.add(slope, tf.mul(bend, both));
  const above = tf.add(tf.add(tf.mul(d1, tf.square(xi)), tf.mul(tf.mul(slope, both), 2)), tf.mul(d0, tf.square(rest)));
  // Where nothing is chosen all of these are 0 or 1; the floor keeps logarithms finite there.
  const log = tf.sub(tf.add(tf.mul(tf.log(slope), 2), tf.log(tf.maximum(above, 1e-12))), tf.mul(tf.log(below), 2));
  if (inverse) return keep(tf.add(x0, tf.mul(xi, width)), tf.neg(log));
  const y = tf.add(y0, tf.div(tf.mul(height, tf.add(tf.mul(slope, tf.square(xi)), tf.mul(d0, both))), below));
  return keep(y, log);
}
