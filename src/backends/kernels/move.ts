import {
  type ExpandDimsAttrs,
  type ReshapeAttrs,
  type ReverseAttrs,
  type SliceAttrs,
  type StridedSliceAttrs,
  slice_util,
  type TileAttrs,
  type TransposeAttrs,
  util,
} from "@tensorflow/tfjs-core";
import { type Lowering, sizeOf } from "./emit.ts";
import { fillLowerings } from "./fill.ts";
import { indexLowerings } from "./indexing.ts";
import { joinLowerings } from "./join.ts";
import { defineLowering } from "./lowering.ts";
import { padLowerings } from "./pad.ts";
import { poolingLowerings } from "./pooling.ts";
import { resizeLowerings } from "./resize.ts";
import { scatterLowerings } from "./scatter.ts";
import { spaceLowerings } from "./space.ts";
import { stridesOf } from "./strided.ts";
import { dot, infoOf, part, permuted, view } from "./view.ts";

/** The same numbers under another shape. */
const reshape = defineLowering<"x", ReshapeAttrs>(({ x }, { shape }) => ({ ...x, shape: util.inferFromImplicitShape(shape, sizeOf(x.shape)) }));

const expandDims = defineLowering<"input", ExpandDimsAttrs>(({ input }, { dim }) => {
  const shape = [...input.shape];
  shape.splice(dim < 0 ? input.shape.length + dim + 1 : dim, 0, 1);
  return { ...input, shape };
});

const identity = defineLowering<"x", object>(({ x }) => x);

const transpose = defineLowering<"x", TransposeAttrs>(({ x }, { perm }, emit) => permuted(emit, x, perm));

const slice = defineLowering<"x", SliceAttrs>(({ x }, { begin, size }, emit) => {
  const [first = [], extents = []] = slice_util.parseSliceParams(infoOf(x), begin, size);
  slice_util.assertParamsValid(infoOf(x), first, extents);
  return part(emit, x, first, extents);
});

const stridedSlice = defineLowering<"x", StridedSliceAttrs>(({ x }, attrs, emit) => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const info = slice_util.sliceInfo([...x.shape], begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask);
  if (info.isIdentity) return { ...x, shape: info.finalShape };
  // Where an axis is dropped, tfjs's shape does not fit its steps.
  if (info.finalShapeSparse.length !== x.shape.length && !info.isSimpleSlice && !info.sliceDim0) return undefined;
  const shape = slice_util.computeOutShape(info.begin, info.end, info.strides);
  const steps = stridesOf(x.shape);
  const from = steps.map((step, axis) => step * (info.strides[axis] as number));
  const sliced = view(emit, x, shape, from, dot(info.begin, steps));
  return { ...sliced, shape: info.finalShape };
});

const tile = defineLowering<"x", TileAttrs>(({ x }, { reps }, emit) => {
  const strides = stridesOf(x.shape);
  const long = x.shape.flatMap((extent, axis) => [reps[axis] as number, extent]);
  const from = x.shape.flatMap((_, axis) => [0, strides[axis] as number]);
  const shape = x.shape.map((extent, axis) => extent * (reps[axis] as number));
  return { ...view(emit, x, long, from), shape };
});

const reverse = defineLowering<"x", ReverseAttrs>(({ x }, { dims }, emit) => {
  const strides = stridesOf(x.shape);
  const backwards = new Set(util.parseAxisParam(dims, [...x.shape]));
  const from = strides.map((stride, axis) => (backwards.has(axis) ? -stride : stride));
  const last = x.shape.map((extent, axis) => (backwards.has(axis) ? extent - 1 : 0));
  return view(emit, x, x.shape, from, dot(last, strides));
});

export const moveLowerings: Readonly<Record<string, Lowering>> = {
  Reshape: reshape,
  ExpandDims: expandDims,
  Identity: identity,
  Transpose: transpose,
  Slice: slice,
  StridedSlice: stridedSlice,
  Tile: tile,
  Reverse: reverse,
  ...joinLowerings,
  ...padLowerings,
  ...spaceLowerings,
  ...fillLowerings,
  ...indexLowerings,
  ...scatterLowerings,
  ...poolingLowerings,
  ...resizeLowerings,
};
