import * as tf from "@tensorflow/tfjs-core";
import { rng } from "../tensor/random.ts";
import { outputNamed, type Subject } from "./subject.ts";
import type { Found } from "./types.ts";

export interface SurfaceAnalysis {
  /** The loss that is drawn: `"loss"`. */
  readonly loss: string;
  /** How far from the weights, in lengths of each unit's own weights. */
  readonly span: number;
  /** Points along each side; one more if that is even, so that the weights themselves are one. */
  readonly points: number;
  /** Held-out examples that the loss is the mean of. */
  readonly examples: number;
}

/**
 * The loss on a plane through the weights, along two random directions in which each unit's weights are as long as they are in the
 * network (Li et al. 2018; UDL 11.5.2, figure 11.13). Running averages stay as they are. Figures: `nonconvex`: the share of the plane
 * on which the loss curves downwards in some direction; `rise`: by what factor the loss at the edge exceeds that in the middle (medians).
 * @throws AnalysisError if there is no such loss
 */
export async function lossSurface(
  subject: Subject,
  { loss, span, points: wanted, examples }: SurfaceAnalysis,
  progress: (done: number) => Promise<void>,
): Promise<Found> {
  const points = wanted + 1 - (wanted % 2);
  const plan = subject.program.plan([outputNamed(subject, loss)]);
  const moved = plan.variables.filter((index) => subject.program.variables[index]?.spec.trainable !== false);
  const values = new Float32Array(points * points);
  const fed = tf.tidy(() => {
    const { feeds, batch } = subject.examples(plan, examples);
    return { feeds: Object.fromEntries(Object.entries(feeds).map(([key, tensor]) => [key, tf.keep(tensor)])), batch };
  });
  const offset = (i: number) => (2 * i) / (points - 1) - 1;
  const directions = [1, 2].map((key) => moved.map((index) => direction(subject, index, key)));
  try {
    for (let row = 0; row < points; row++) {
      for (let column = 0; column < points; column++) {
        const output = tf.tidy(() => {
          const weights = [...subject.weights];
          for (const [i, index] of moved.entries()) {
            const [one, two] = [directions[0]?.[i] as tf.Tensor, directions[1]?.[i] as tf.Tensor];
            const shift = tf.add(tf.mul(one, span * offset(column)), tf.mul(two, span * offset(row)));
            weights[index] = tf.add(subject.weights[index] as tf.Tensor, shift);
          }
          return plan.run({ ...fed, weights, training: false, step: 0, seed: subject.seed }).outputs[0] as tf.Tensor;
        });
        values[row * points + column] = (await output.data())[0] as number;
        output.dispose();
      }
      await progress((row + 1) / points);
    }
  } finally {
    tf.dispose([...directions.flat(), ...Object.values(fed.feeds)]);
  }
  const side = (label: string) => ({ label, from: -span, to: span });
  return {
    figures: { nonconvex: nonconvexShare(values, points), rise: rise(values, points) },
    findings: [
      { kind: "surface", title: `${loss} around the weights`, x: side("one direction"), y: side("another"), rows: points, columns: points, values },
    ],
  };
}

/** Random, each unit's part (the last axis) as long as its weights; nothing for biases and scales, as in the paper. The caller's. */
function direction({ program, weights, seed }: Subject, index: number, key: number): tf.Tensor {
  const weight = weights[index] as tf.Tensor;
  if (weight.rank < 2) return tf.zeros(weight.shape);
  return tf.tidy(() => {
    const noise = tf.tensor(
      rng(seed, "loss surface", program.variables[index]?.name ?? "", key).fillNormal(new Float32Array(weight.size)),
      weight.shape,
    );
    const axes = weight.shape.map((_, axis) => axis).slice(0, -1);
    const length = (tensor: tf.Tensor) => tf.sqrt(tf.sum(tf.square(tensor), axes, true));
    return tf.mul(noise, tf.div(length(weight), tf.maximum(length(noise), 1e-12)));
  });
}

/** The share of inner grid points at which the Hessian's lower eigenvalue is below a hundredth of the mean curvature's size. */
export function nonconvexShare(values: ArrayLike<number>, side: number): number {
  const at = (row: number, column: number) => values[row * side + column] as number;
  const curvatures: { lower: number; size: number }[] = [];
  for (let row = 1; row < side - 1; row++) {
    for (let column = 1; column < side - 1; column++) {
      const xx = at(row, column + 1) - 2 * at(row, column) + at(row, column - 1);
      const yy = at(row + 1, column) - 2 * at(row, column) + at(row - 1, column);
      const xy = (at(row + 1, column + 1) - at(row + 1, column - 1) - at(row - 1, column + 1) + at(row - 1, column - 1)) / 4;
      const middle = (xx + yy) / 2;
      curvatures.push({ lower: middle - Math.hypot((xx - yy) / 2, xy), size: Math.abs(xx) + Math.abs(yy) });
    }
  }
  const scale = curvatures.reduce((sum, { size }) => sum + size, 0) / curvatures.length;
  return curvatures.filter(({ lower }) => lower < -0.01 * scale).length / curvatures.length;
}

function rise(values: Float32Array, side: number): number {
  const edge = values.filter((_, i) => i < side || i >= side * (side - 1) || i % side === 0 || i % side === side - 1).sort();
  const middle = values[Math.floor((side * side) / 2)] as number;
  return (edge[Math.floor(edge.length / 2)] as number) / Math.max(middle, 1e-12);
}
