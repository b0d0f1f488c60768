import * as tf from "@tensorflow/tfjs-core";
import type { Plan } from "../compiler/plan.ts";
import type { NextToken } from "../graph/next-token.ts";
import { evaluation, randomTokens } from "./manners.ts";

/** Largest change at a position, of numbers of about 1, that is still rounding. */
const tolerance = 1e-3;

/**
 * The first node whose outputs in the first half of a text change when its second half does: it looks ahead. Undefined if there is none:
 * then what is said of the next token depends on nothing that comes after.
 */
export async function firstToLookAhead(plan: Plan, next: NextToken, weights: readonly tf.Tensor[]): Promise<string | undefined> {
  const half = Math.floor(next.length / 2);
  if (half === 0) return undefined;
  const [one, other] = [randomTokens(next, 1), randomTokens(next, 2)];
  other.set(one.subarray(0, half));
  const before = new Map<string, tf.Tensor>();
  const changes = new Map<string, tf.Tensor>();
  const run = (tokens: Int32Array, inspect: (key: string, first: tf.Tensor) => void) =>
    tf.tidy(() => {
      plan.run({
        ...evaluation(next, tf.tensor2d(tokens, [1, next.length], "int32"), weights),
        inspect({ path }, outputs) {
          for (const [port, tensor] of Object.entries(outputs))
            if (tensor.shape[1] === next.length)
              inspect(
                `${path}.${port}`,
                tf.slice(
                  tensor,
                  tensor.shape.map(() => 0),
                  tensor.shape.map((_, axis) => (axis === 1 ? half : -1)),
                ),
              );
        },
      });
    });
  try {
    run(one, (key, first) => before.set(key, tf.keep(first)));
    run(other, (key, first) => {
      const was = before.get(key);
      if (was) changes.set(key, tf.keep(tf.div(tf.max(tf.abs(tf.sub(first, was))), tf.add(1, tf.max(tf.abs(was))))));
    });
    for (const [key, change] of changes) if (!(((await change.data())[0] ?? 0) <= tolerance)) return key.slice(0, key.lastIndexOf("."));
    return undefined;
  } finally {
    tf.dispose([...before.values(), ...changes.values()]);
  }
}
