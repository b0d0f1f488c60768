import { backend_util, type CastAttrs, type FillAttrs, slice_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { defineRule, firstOf, forAll, type Outline, type ShapeRule, type ShapeRules } from "./rule.ts";

const renamed = (x: TensorInfo, shape: readonly number[], dtype = x.dtype): Outline => ({ shape, dtype, as: x });

const reshape = defineRule<"x", { readonly shape: number[] }>(({ x }, { shape }) =>
  renamed(x, util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape))),
);

const padded = defineRule<"x", { readonly paddings: readonly [number, number][] }>(({ x }, { paddings }) => ({
  shape: x.shape.map((size, i) => size + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0)),
  dtype: x.dtype,
}));

const concat: ShapeRule = (inputs, attrs) => {
  const tensors = Object.values(inputs);
  const { dtype, shape } = firstOf(inputs);
  const axis = util.parseAxisParam((attrs as { readonly axis: number }).axis, shape)[0] ?? 0;
  const filled = tensors.filter((one) => util.sizeFromShape(one.shape) > 0);
  const [only] = filled;
  if (only !== undefined && filled.length === 1) return renamed(only, only.shape);
  return {
    shape: backend_util.computeOutShape(
      tensors.map((one) => one.shape),
      axis,
    ),
    dtype,
  };
};

const pack: ShapeRule = (inputs, attrs) => {
  const first = firstOf(inputs);
  const count = Object.keys(inputs).length;
  const { axis } = attrs as { readonly axis: number };
  const shape = first.shape.toSpliced(axis < 0 ? axis + first.shape.length + 1 : axis, 0, count);
  return count === 1 ? renamed(first, shape) : { shape, dtype: first.dtype };
};

/** A transposition of axes of size 1 alone moves no number. */
function moves(shape: readonly number[], perm: readonly number[]): boolean {
  const long = perm.filter((axis) => shape[axis] !== 1);
  return long.some((axis, i) => axis < (long[i - 1] ?? 0));
}

interface StridedSlice {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** Kernels that put numbers elsewhere, take some of them, or make them. */
export const moveRules: ShapeRules = {
  Reshape: reshape,
  Identity: defineRule<"x", object>(({ x }) => renamed(x, x.shape)),
  Cast: defineRule<"x", CastAttrs>(({ x }, { dtype }) => (x.dtype === dtype ? renamed(x, x.shape) : { shape: x.shape, dtype })),
  ExpandDims: defineRule<"input", { readonly dim: number }>(({ input }, { dim }) =>
    renamed(input, input.shape.toSpliced(dim < 0 ? dim + input.shape.length + 1 : dim, 0, 1)),
  ),
  Transpose: defineRule<"x", { readonly perm: readonly number[] }>(({ x }, { perm }) => ({
    shape: perm.map((axis) => x.shape[axis] ?? 1),
    dtype: x.dtype,
    ...(!moves(x.shape, perm) && { as: x }),
  })),
  Tile: defineRule<"x", { readonly reps: readonly number[] }>(({ x }, { reps }) => ({
    shape: x.shape.map((size, i) => size * (reps[i] ?? 1)),
    dtype: x.dtype,
  })),
  ...forAll("PadV2 MirrorPad", padded),
  Slice: defineRule<"x", { readonly begin: number | number[]; readonly size: number | number[] }>(({ x }, { begin, size }) => ({
    shape: slice_util.parseSliceParams(x, begin, size)[1] ?? [],
    dtype: x.dtype,
  })),
  StridedSlice: defineRule<"x", StridedSlice>(({ x }, attrs) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
    const { finalShape } = slice_util.sliceInfo(x.shape, begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask);
    return { shape: finalShape, dtype: x.dtype };
  }),
  Concat: concat,
  Pack: pack,
  Unpack: defineRule<"value", { readonly axis: number }>(({ value }, { axis }) => {
    const at = axis < 0 ? axis + value.shape.length : axis;
    const one = { shape: value.shape.toSpliced(at, 1), dtype: value.dtype };
    return Array.from({ length: value.shape[at] ?? 0 }, () => one);
  }),
  SplitV: defineRule<"x", { readonly axis: number; readonly numOrSizeSplits: number | number[] }>(({ x }, { axis, numOrSizeSplits }) => {
    const at = util.parseAxisParam(axis, x.shape)[0] ?? 0;
    // tfjs asks for a tensor and reads its shape.
    const sizes = backend_util.prepareSplitSize(x as Parameters<typeof backend_util.prepareSplitSize>[0], numOrSizeSplits, at);
    return sizes.map((size) => ({ shape: x.shape.with(at, size), dtype: x.dtype }));
  }),
  GatherV2: defineRule<"x" | "indices", { readonly axis: number; readonly batchDims?: number }>(({ x, indices }, { axis, batchDims = 0 }) => {
    const at = util.parseAxisParam(axis, x.shape)[0] ?? 0;
    const around = batchDims < 0 ? batchDims + indices.shape.length : batchDims;
    return { shape: [...x.shape.slice(0, at), ...indices.shape.slice(around), ...x.shape.slice(at + 1)], dtype: x.dtype };
  }),
  GatherNd: defineRule<"params" | "indices", object>(({ params, indices }) => ({
    shape: [...indices.shape.slice(0, -1), ...params.shape.slice(indices.shape.at(-1))],
    dtype: params.dtype,
  })),
  ScatterNd: defineRule<"updates", { readonly shape: readonly number[] }>(({ updates }, { shape }) => ({ shape, dtype: updates.dtype })),
  OneHot: defineRule<"indices", { readonly depth: number; readonly dtype: TensorInfo["dtype"] }>(({ indices }, { depth, dtype }) => ({
    shape: [...indices.shape, depth],
    dtype,
  })),
  Fill: defineRule<never, FillAttrs>((_, { shape, value, dtype }) => ({ shape, dtype: dtype ?? util.inferDtype(value) })),
};
