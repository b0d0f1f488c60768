import { backend_util, type DataType, type TensorInfo, upcastType, util } from "@tensorflow/tfjs-core";
import { defineRule, forAll, type ShapeRules } from "./rule.ts";

/** `Max` calls its axes differently. */
interface Reduction {
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

const reduction = (type: (x: TensorInfo) => DataType, follows = true) =>
  defineRule<"x", Reduction>(({ x }, { axis, reductionIndices, keepDims }) => {
    const axes = util.parseAxisParam((reductionIndices ?? axis) as number[], x.shape);
    const [shape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const dtype = type(x);
    // A sum of one number is that number.
    const nothing = follows && dtype === x.dtype && axes.every((at) => x.shape[at] === 1);
    return { shape: keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape, dtype, ...(nothing && { as: x }) };
  });

/** Kernels that go over whole axes. */
export const reduceRules: ShapeRules = {
  ...forAll(
    "Max Min Any All",
    reduction(({ dtype }) => dtype),
  ),
  ...forAll(
    "Sum Prod",
    reduction(({ dtype }) => upcastType(dtype, "int32")),
  ),
  Mean: reduction(() => "float32"),
  ...forAll(
    "ArgMax ArgMin",
    reduction(() => "int32", false),
  ),
  TopK: defineRule<"x", { readonly k: number }>(({ x }, { k }) => {
    const shape = [...x.shape.slice(0, -1), k];
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: "int32" },
    ];
  }),
  UnsortedSegmentSum: defineRule<"x" | "segmentIds", { readonly numSegments: number }>(({ x, segmentIds }, { numSegments }) => ({
    shape: [numSegments, ...x.shape.slice(segmentIds.shape.length)],
    dtype: x.dtype,
  })),
  Multinomial: defineRule<"logits", { readonly numSamples: number }>(({ logits }, { numSamples }) => ({
    shape: [logits.shape[0] ?? 0, numSamples],
    dtype: "int32",
  })),
};
