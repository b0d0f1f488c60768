import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, it } from "vitest";
import { drawn, expectSame, prepareBoth } from "./compare.ts";

beforeAll(prepareBoth);

const sizes = fc.record({
  batch: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 2 }),
  m: fc.integer({ min: 1, max: 40 }),
  k: fc.integer({ min: 1, max: 40 }),
  n: fc.integer({ min: 1, max: 40 }),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

it("a batch of matrix products on wasm equals the reference and leaves nothing behind, transposed or not", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, async ({ batch, m, k, n, transposeA, transposeB }) => {
      const a = transposeA ? [...batch, k, m] : [...batch, m, k];
      const b = transposeB ? [...batch, n, k] : [...batch, k, n];
      await expectSame(() => tf.matMul(drawn(a, "a"), drawn(b, "b"), transposeA, transposeB));
    }),
    { seed: 3, numRuns: 120 },
  );
});

it("one matrix for a whole batch is broadcast as before", async () => {
  await expectSame(() => tf.matMul(drawn([3, 20, 16], "a"), drawn([1, 16, 20], "b")));
});
