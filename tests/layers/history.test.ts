import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { history } from "../../src/layers/data/history.ts";
import { rng } from "../../src/tensor/random.ts";
import { builtKernels } from "../support/kernels.ts";

type Apply = NonNullable<typeof history.apply>;
const apply: Apply = (...all) => (history.apply as Apply)(...all);

/** Runs the layer over batches of numbered examples, with the pool that it keeps. */
function pool(size: number, batch: number) {
  let weights: Record<string, tf.Tensor> = { pool: tf.zeros([size, 2]), filled: tf.zeros([size]) };
  let next = 1;
  const run = (step: number, training = true) => {
    const given = Array.from({ length: batch }, () => next++);
    const stream = rng(1, "history", step);
    const draw = (shape: readonly number[]) => tf.tensor(stream.fillUniform(new Float32Array(size)), [...shape]);
    const changed: Record<string, tf.Tensor> = {};
    const update = (name: string, value: tf.Tensor) => {
      changed[name] = tf.keep(tf.clone(value));
    };
    const x = tf.tensor(
      given.flatMap((id) => [id, -id]),
      [batch, 2],
    );
    const context = { training, step, batch, rng: { uniform: draw, normal: draw }, update };
    const y = apply({ x }, weights, { size }, context).y as tf.Tensor;
    weights = { ...weights, ...changed };
    const rows = y.arraySync() as [number, number][];
    for (const [id, other] of rows) expect(other).toBe(-id || 0);
    const kept = [...((weights.pool as tf.Tensor).arraySync() as [number, number][])].map(([id]) => id).filter((id) => id !== 0);
    return { given, got: rows.map(([id]) => id), kept };
  };
  return { run };
}

describe.each(["cpu", "wasm"] as const)("a history on %s", (backend) => {
  beforeAll(() => prepareBackend(backend, { kernels: builtKernels }));

  it("gives each example out at most once, keeps the other half of the batch, and fills its empty places first", () => {
    tf.tidy(() => {
      const { run } = pool(7, 4);
      const seen = new Set<number>();
      let before: number[] = [];
      for (let step = 0; step < 60; step++) {
        const { given, got, kept } = run(step);
        expect(got.slice(2)).toEqual(given.slice(2));
        // While there are empty places the batch comes through as it is, but for places that had been filled.
        expect(kept.length).toBe(Math.min(7, 2 * (step + 1)));
        if (step < 3) expect(got).toEqual(given);
        else if (step > 3) {
          for (const id of got.slice(0, 2)) {
            expect(before).toContain(id);
            expect(seen.has(id)).toBe(false);
            seen.add(id);
          }
        }
        for (const id of given.slice(0, 2)) expect(kept).toContain(id);
        before = kept;
      }
      // Every place is chosen sooner or later.
      expect(Math.min(...before)).toBeGreaterThan(4 * 30);
    });
  });

  it("lets everything through in evaluation, and no gradient back", () => {
    tf.tidy(() => {
      const { run } = pool(5, 4);
      run(0);
      const { given, got } = run(1, false);
      expect(got).toEqual(given);
      const weights = { pool: tf.ones([5, 2]), filled: tf.ones([5]) };
      const draw = (shape: readonly number[]) => tf.tensor([0.3, 0.3, 0.1, 0.9, 0.5], [...shape]);
      const context = { training: true, step: 0, batch: 4, rng: { uniform: draw, normal: draw }, update: () => {} };
      const slope = tf.grad((x) => tf.sum(apply({ x }, weights, { size: 5 }, context).y as tf.Tensor))(tf.ones([4, 2]));
      expect([...slope.dataSync()]).toEqual(new Array(8).fill(0));
    });
  });
});
