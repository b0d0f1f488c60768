import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { it } from "vitest";
import { expectSame } from "./compare.ts";

/** A tensor of 0, 1, 2 … */
function counting(shape: number[], dtype: "float32" | "int32" | "bool" = "float32"): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => (dtype === "bool" ? Number((i * 7) % 3 === 0) : i));
  return tf.tensor(values, shape, dtype);
}

const shapes = (most = 5, extent = 7) => fc.array(fc.integer({ min: 1, max: extent }), { minLength: 1, maxLength: most });
const dtypes = fc.constantFrom("float32" as const, "int32" as const, "bool" as const);
const check = async (property: fc.IAsyncProperty<unknown>, numRuns = 40) => fc.assert(property, { numRuns });

it("transposes by any order of axes", async () => {
  const cases = shapes().chain((shape) =>
    fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length, maxLength: shape.length }), dtypes),
  );
  await check(fc.asyncProperty(cases, ([shape, order, dtype]) => expectSame(() => tf.transpose(counting(shape, dtype), order))));
});

it("transposes matrices whose sides are no multiples of the blocks, and the heads of attention", async () => {
  await expectSame(() => [
    tf.transpose(counting([67, 131])),
    tf.transpose(counting([3, 130, 33]), [0, 2, 1]),
    tf.transpose(counting([4, 16, 4, 32]), [0, 2, 1, 3]),
    tf.transpose(counting([4, 16, 4, 32]), [0, 2, 3, 1]),
    tf.transpose(counting([2, 5, 5, 3]), [0, 3, 1, 2]),
  ]);
});

it("reshapes, the size of one axis left open", async () => {
  await expectSame(() => [tf.reshape(counting([2, 3, 4]), [-1, 4]), tf.matMul(tf.reshape(counting([6, 4]), [1, -1, 4]), counting([4, 2]))]);
});

it("cuts slices", async () => {
  const cases = shapes().chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.tuple(...shape.map((n) => fc.integer({ min: 0, max: n - 1 }).chain((b) => fc.tuple(fc.constant(b), fc.integer({ min: 0, max: n - b }))))),
      dtypes,
    ),
  );
  await check(
    fc.asyncProperty(cases, ([shape, cuts, dtype]) =>
      expectSame(() =>
        tf.slice(
          counting(shape, dtype),
          cuts.map(([begin]) => begin),
          cuts.map(([, size]) => size),
        ),
      ),
    ),
  );
});

it("cuts slices with steps, backwards too", async () => {
  await expectSame(() => {
    const x = counting([6, 7, 3]);
    return [
      tf.stridedSlice(x, [0, 1, 0], [6, 7, 3], [2, 3, 1]),
      tf.stridedSlice(x, [5, 6, 2], [0, 0, 0], [-2, -1, -1]),
      tf.stridedSlice(x, [1, 1, 0], [2, 4, 3], [1, 1, 2], 0, 0, 0, 0, 1),
      tf.stridedSlice(x, [1, 0, 0], [4, 7, 3], [1, 1, 1]),
      tf.stridedSlice(x, [0, 0, 0], [6, 7, 3], [1, 1, 1]),
    ];
  });
});

it("joins tensors along an axis, empty ones too", async () => {
  const cases = shapes(4).chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.integer({ min: 0, max: shape.length - 1 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
      dtypes,
    ),
  );
  await check(
    fc.asyncProperty(cases, ([shape, axis, extents, dtype]) =>
      expectSame(() =>
        tf.concat(
          extents.map((extent) => counting(shape.with(axis, extent), dtype)),
          axis,
        ),
      ),
    ),
  );
});

it("stacks and unstacks, and splits", async () => {
  const cases = shapes(4).chain((shape) => fc.tuple(fc.constant(shape), fc.integer({ min: 0, max: shape.length - 1 }), dtypes));
  await check(
    fc.asyncProperty(cases, ([shape, axis, dtype]) =>
      expectSame(() => {
        const x = counting(shape, dtype);
        return [tf.stack([x, x, x], axis), ...tf.unstack(x, axis), ...tf.split(x, [shape[axis] as number], axis)];
      }),
    ),
  );
  await expectSame(() => tf.split(counting([10, 12]), 3, 1));
  await expectSame(() => tf.split(counting([9, 4]), [2, 3, 4], 0));
});

it("pads with any number", async () => {
  const cases = shapes().chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.tuple(...shape.map(() => fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })))),
      dtypes,
      fc.integer({ min: -1, max: 1 }),
    ),
  );
  await check(
    fc.asyncProperty(cases, ([shape, paddings, dtype, value]) =>
      expectSame(() => tf.pad(counting(shape, dtype), paddings as [number, number][], dtype === "bool" ? 0 : value)),
    ),
  );
});

it("pads with a mirror", async () => {
  const cases = shapes(4).chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.tuple(...shape.map((n) => fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.integer({ min: 0, max: n - 1 })))),
      fc.constantFrom("reflect" as const, "symmetric" as const),
    ),
  );
  await check(
    fc.asyncProperty(cases, ([shape, paddings, mode]) => expectSame(() => tf.mirrorPad(counting(shape), paddings as [number, number][], mode))),
  );
});

it("repeats and turns round", async () => {
  const cases = shapes(4, 5).chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.tuple(...shape.map(() => fc.integer({ min: 1, max: 3 }))),
      fc.subarray([...shape.keys()], { minLength: 1 }),
      dtypes,
    ),
  );
  await check(
    fc.asyncProperty(cases, ([shape, repeats, axes, dtype]) =>
      expectSame(() => {
        const x = counting(shape, dtype);
        return [tf.tile(x, repeats), tf.reverse(x, axes)];
      }),
    ),
  );
  await expectSame(() => tf.broadcastTo(counting([3, 1, 5]), [2, 3, 4, 5]));
});

it("moves blocks between space, batch and depth", async () => {
  await expectSame(() => {
    const x = counting([2, 6, 8, 3]);
    const y = counting([12, 3, 4, 2]);
    return [
      tf.spaceToBatchND(
        x,
        [2, 4],
        [
          [0, 0],
          [0, 0],
        ],
      ),
      tf.spaceToBatchND(
        x,
        [2, 3],
        [
          [1, 1],
          [0, 1],
        ],
      ),
      tf.batchToSpaceND(
        y,
        [2, 3],
        [
          [0, 0],
          [0, 0],
        ],
      ),
      tf.batchToSpaceND(
        y,
        [3, 2],
        [
          [1, 2],
          [0, 3],
        ],
      ),
      tf.depthToSpace(counting([2, 3, 4, 8]) as tf.Tensor4D, 2, "NHWC"),
    ];
  });
});

it("fills tensors", async () => {
  await expectSame(() => [
    tf.fill([3, 5], 2.5),
    tf.fill([70], 3, "int32"),
    tf.zerosLike(counting([2, 3])),
    tf.onesLike(counting([3, 2], "int32")),
    tf.onesLike(counting([3, 2], "bool")),
    tf.fill([], 4),
  ]);
});

it("takes tensors without elements and tensors of one", async () => {
  await expectSame(() => {
    const none = counting([0, 3]);
    const one = tf.scalar(5);
    return [
      tf.transpose(none),
      tf.slice(none, [0, 1], [0, 2]),
      tf.pad(
        none,
        [
          [1, 1],
          [0, 0],
        ],
        2,
      ),
      tf.tile(none, [2, 2]),
      tf.concat([none, none], 0),
      tf.stack([one, one]),
      tf.expandDims(one),
      tf.reverse(none, 1),
    ];
  });
});

it("moves what is large, in several chunks", async () => {
  await expectSame(() => {
    const x = counting([300, 1001]);
    return [
      tf.transpose(x),
      tf.slice(x, [0, 3], [300, 990]),
      tf.slice(x, [20, 0], [250, 1001]),
      tf.concat([x, x], 1),
      tf.pad(
        x,
        [
          [1, 2],
          [3, 4],
        ],
        1,
      ),
      tf.tile(x, [2, 2]),
    ];
  });
});
