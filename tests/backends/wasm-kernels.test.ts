import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, it } from "vitest";
import { drawn, expectSame, prepareBoth, runKernel } from "./compare.ts";

beforeAll(prepareBoth);

const between = (min: number, max: number) => fc.integer({ min, max });
const dims = {
  n: between(1, 3),
  h: between(1, 9),
  w: between(1, 9),
  c: between(1, 6),
  kh: between(1, 4),
  kw: between(1, 4),
  s: between(1, 3),
  t: between(1, 3),
};
const side = between(0, 2);
const explicit = fc.tuple(side, side, side, side).map(([top, bottom, left, right]) => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
]);
const pad = fc.oneof(fc.constantFrom<"same" | "valid">("same", "valid"), explicit);
type Window = { h: number; w: number; kh: number; kw: number };
/** Leaves out windows larger than what they slide over. */
const fits = ({ h, w, kh, kw }: Window) => kh <= h && kw <= w;
const runs = { numRuns: 150 };

const outputShape = (
  shape: number[],
  filter: number[],
  strides: [number, number],
  dilations: [number, number],
  padding: unknown,
  depthwise = false,
) =>
  tf.backend_util.computeConv2DInfo(
    shape as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations,
    padding as "same",
    undefined,
    depthwise,
  ).outShape;

describe("kernels on the wasm backend equal the reference and leave nothing behind:", () => {
  it("Conv2DBackpropFilter", () =>
    fc.assert(
      fc.asyncProperty(fc.record({ ...dims, k: between(1, 6), pad }).filter(fits), ({ n, h, w, c, kh, kw, s, t, k, pad }) => {
        const filterShape = [kh, kw, c, k];
        const dy = outputShape([n, h, w, c], filterShape, [s, t], [1, 1], pad);
        return expectSame(() =>
          runKernel(
            "Conv2DBackpropFilter",
            { x: drawn([n, h, w, c], "x"), dy: drawn(dy, "dy") },
            { strides: [s, t], pad, dataFormat: "NHWC", filterShape },
          ),
        );
      }),
      runs,
    ));

  it("Conv2DBackpropInput", () =>
    fc.assert(
      fc.asyncProperty(fc.record({ ...dims, k: between(1, 6), pad }).filter(fits), ({ n, h, w, c, kh, kw, s, t, k, pad }) => {
        const dy = outputShape([n, h, w, c], [kh, kw, c, k], [s, t], [1, 1], pad);
        return expectSame(() =>
          runKernel(
            "Conv2DBackpropInput",
            { dy: drawn(dy, "dy"), filter: drawn([kh, kw, c, k], "f") },
            { strides: [s, t], pad, dataFormat: "NHWC", inputShape: [n, h, w, c] },
          ),
        );
      }),
      runs,
    ));

  const depthwise = fc.record({ ...dims, m: between(1, 3), pad }).filter(fits);

  it("DepthwiseConv2dNativeBackpropFilter", () =>
    fc.assert(
      fc.asyncProperty(depthwise, ({ n, h, w, c, kh, kw, s, t, m, pad }) => {
        const filterShape = [kh, kw, c, m];
        const dy = outputShape([n, h, w, c], filterShape, [s, t], [1, 1], pad, true);
        return expectSame(() =>
          runKernel(
            "DepthwiseConv2dNativeBackpropFilter",
            { x: drawn([n, h, w, c], "x"), dy: drawn(dy, "dy") },
            { strides: [s, t], dilations: [1, 1], pad, filterShape },
          ),
        );
      }),
      runs,
    ));

  it("DepthwiseConv2dNativeBackpropInput", () =>
    fc.assert(
      fc.asyncProperty(depthwise, ({ n, h, w, c, kh, kw, s, t, m, pad }) => {
        const dy = outputShape([n, h, w, c], [kh, kw, c, m], [s, t], [1, 1], pad, true);
        return expectSame(() =>
          runKernel(
            "DepthwiseConv2dNativeBackpropInput",
            { dy: drawn(dy, "dy"), filter: drawn([kh, kw, c, m], "f") },
            { strides: [s, t], dilations: [1, 1], pad, inputShape: [n, h, w, c] },
          ),
        );
      }),
      runs,
    ));

  it("UnsortedSegmentSum, with ids that are out of range", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(between(-1, 5), { minLength: 1, maxLength: 12 }),
        fc.array(between(1, 4), { maxLength: 2 }),
        between(1, 5),
        (ids, rest, numSegments) =>
          expectSame(() =>
            runKernel("UnsortedSegmentSum", { x: drawn([ids.length, ...rest], "x"), segmentIds: tf.tensor1d(ids, "int32") }, { numSegments }),
          ),
      ),
      runs,
    ));

  it("MaxPoolGrad, with windows that overlap and equal numbers in them", () =>
    fc.assert(
      fc.asyncProperty(fc.record({ ...dims, same: fc.boolean() }).filter(fits), ({ n, h, w, c, kh, kw, s, t, same }) => {
        const attrs = { filterSize: [kh, kw], strides: [s, t], pad: same ? "same" : "valid" };
        return expectSame(() => {
          const input = tf.relu(drawn([n, h, w, c], "x"));
          const output = runKernel("MaxPool", { x: input }, attrs);
          return runKernel("MaxPoolGrad", { dy: drawn(output.shape, "dy"), input, output }, attrs);
        });
      }),
      runs,
    ));

  it("Sum over any axes", () =>
    fc.assert(
      fc.asyncProperty(fc.array(between(1, 5), { minLength: 1, maxLength: 4 }), fc.array(between(0, 3)), fc.boolean(), (shape, axes, keepDims) =>
        expectSame(() => tf.sum(drawn(shape, "x"), [...new Set(axes.map((axis) => axis % shape.length))], keepDims)),
      ),
      runs,
    ));

  const size = fc.oneof(between(1, 7), between(18, 30));

  it("BatchMatMul, every transposition, batches that broadcast", () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          a: size,
          b: size,
          c: size,
          batch: fc.array(between(1, 3), { maxLength: 2 }),
          alone: fc.boolean(),
          transposeA: fc.boolean(),
          transposeB: fc.boolean(),
        }),
        ({ a, b, c, batch, alone, transposeA, transposeB }) =>
          expectSame(() =>
            runKernel(
              "BatchMatMul",
              {
                a: drawn([...batch, ...(transposeA ? [b, a] : [a, b])], "a"),
                b: drawn([...batch.map((n) => (alone ? 1 : n)), ...(transposeB ? [c, b] : [b, c])], "b"),
              },
              { transposeA, transposeB },
            ),
          ),
      ),
      runs,
    ));

  it("_FusedMatMul with bias and activation, every transposition", () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          a: between(1, 7),
          b: between(1, 7),
          c: between(1, 7),
          transposeA: fc.boolean(),
          transposeB: fc.boolean(),
          activation: fc.constantFrom<"relu" | "linear">("relu", "linear"),
        }),
        ({ a, b, c, transposeA, transposeB, activation }) =>
          expectSame(() =>
            tf.fused.matMul({
              a: drawn(transposeA ? [b, a] : [a, b], "a") as tf.Tensor2D,
              b: drawn(transposeB ? [c, b] : [b, c], "b") as tf.Tensor2D,
              transposeA,
              transposeB,
              bias: drawn([c], "bias"),
              activation,
            }),
          ),
      ),
      runs,
    ));
});
