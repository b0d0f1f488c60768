import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import fc from "fast-check";
import { it } from "vitest";
import { rng } from "../../src/tensor/random.ts";
import { expectSame } from "./compare.ts";

const noise = (shape: number[]): tf.Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(rng(1, "noise", size).fillNormal(new Float32Array(size)), shape);
};
const indices = (shape: number[], limit: number): tf.Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  const { int } = rng(2, "indices", size, limit);
  return tf.tensor(
    Int32Array.from({ length: size }, () => int(limit)),
    shape,
    "int32",
  );
};
const extent = fc.integer({ min: 1, max: 6 });

it("gathers along any axis", async () => {
  const cases = fc
    .array(extent, { minLength: 1, maxLength: 4 })
    .chain((shape) => fc.tuple(fc.constant(shape), fc.integer({ min: 0, max: shape.length - 1 }), fc.array(extent, { minLength: 1, maxLength: 3 })));
  await fc.assert(
    fc.asyncProperty(cases, ([shape, axis, many]) => expectSame(() => tf.gather(noise(shape), indices(many, shape[axis] as number), axis))),
    { numRuns: 50 },
  );
});

it("gathers within each batch", async () => {
  await expectSame(() => {
    const x = noise([3, 5, 4, 2]);
    return [
      tf.gather(x, indices([3, 2], 5), 1, 1),
      tf.gather(x, indices([3, 5, 3], 4), 2, 2),
      tf.gather(x, indices([3, 7], 4), 2, 1),
      tf.gather(tf.cast(x, "int32"), indices([4], 5), 1),
    ];
  });
});

it("gathers an embedding, and sums its gradient", async () => {
  await expectSame(() => {
    const tokens = indices([4, 50], 25);
    const table = noise([25, 128]);
    return [tf.gather(table, tokens), tf.grad((t: tf.Tensor) => tf.square(tf.gather(t, tokens)))(table)];
  });
});

it("sums segments, leaving out what is in none", async () => {
  const cases = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 9 }));
  await fc.assert(
    fc.asyncProperty(cases, ([rows, columns, segments]) =>
      expectSame(() =>
        tf.unsortedSegmentSum(noise([rows, columns]), tf.sub(indices([rows], segments + 2), tf.scalar(1, "int32")) as tf.Tensor1D, segments),
      ),
    ),
    { numRuns: 50 },
  );
});

it("sums the edges of a graph", async () => {
  for (const [edges, columns] of [
    [200_000, 1],
    [20_000, 16],
    [2_000, 100],
  ] as const) {
    await expectSame(() => tf.unsortedSegmentSum(noise([edges, columns]), indices([edges], 5) as tf.Tensor1D, 5));
  }
});

it("writes classes as vectors", async () => {
  await expectSame(() => {
    const classes = tf.tensor([0, 3, -1, 7, 2], [5], "int32");
    return [tf.oneHot(classes, 5), tf.oneHot(classes, 4, 0.9, 0.1, "float32"), tf.oneHot(indices([200, 3], 30), 30, 1, 0, "float32")];
  });
});

it("gathers and scatters along several axes", async () => {
  await expectSame(() => {
    const x = noise([4, 5, 3]);
    const places = tf.tensor2d([1, 2, 3, 4, 1, 2, 0, 0], [4, 2], "int32");
    const rows = noise([4, 3]);
    return [
      tf.gatherND(x, places),
      tf.gatherND(x, tf.tensor3d([0, 1, 2, 3, 4, 2], [2, 1, 3], "int32")),
      tf.gatherND(x, tf.tensor2d([3, 0], [2, 1], "int32")),
      tf.scatterND(places, rows, [4, 5, 3]),
      tf.scatterND(places, tf.cast(tf.mul(rows, 10), "int32"), [4, 5, 3]),
      tf.tensorScatterUpdate(x, places, rows),
      tf.sparseToDense(tf.tensor1d([1, 3, 8], "int32"), tf.tensor1d([5, 6, 7]), [10], tf.scalar(-1)),
      tf.sparseToDense(tf.tensor1d([1, 3, 8], "int32"), tf.scalar(5), [10], tf.scalar(2)),
    ];
  });
});
