import { type BatchToSpaceNDAttrs, backend_util, type DepthToSpaceAttrs, type SpaceToBatchNDAttrs, slice_util } from "@tensorflow/tfjs-core";
import { type Lowering, sizeOf } from "./emit.ts";
import { defineLowering } from "./lowering.ts";
import { infoOf, part, permuted, temporary } from "./view.ts";

/** Blocks of pixels become batches; those of a border are left to tfjs. */
const spaceToBatch = defineLowering<"x", SpaceToBatchNDAttrs>(({ x }, { blockShape, paddings }, emit) => {
  if (paddings.some(([before, after]) => before !== 0 || after !== 0)) return undefined;
  const blocks = sizeOf(blockShape);
  const shape = [...x.shape];
  const divided = backend_util.getReshaped(shape, blockShape, blocks, false);
  const order = backend_util.getPermuted(divided.length, blockShape.length, false);
  return { ...permuted(emit, { ...x, shape: divided }, order), shape: backend_util.getReshapedPermuted(shape, blockShape, blocks, false) };
});

const batchToSpace = defineLowering<"x", BatchToSpaceNDAttrs>(({ x }, { blockShape, crops }, emit) => {
  const blocks = sizeOf(blockShape);
  const shape = [...x.shape];
  const divided = backend_util.getReshaped(shape, blockShape, blocks);
  const order = backend_util.getPermuted(divided.length, blockShape.length);
  const joined = backend_util.getReshapedPermuted(shape, blockShape, blocks);
  const isCropped = crops.some(([before, after]) => before !== 0 || after !== 0);
  const moved = { ...permuted(emit, { ...x, shape: divided }, order, isCropped ? temporary(emit) : emit.output), shape: joined };
  if (!isCropped) return moved;
  const begin = backend_util.getSliceBeginCoords(crops, blockShape.length);
  const size = backend_util.getSliceSize(joined, crops, blockShape.length);
  const [first = [], extents = []] = slice_util.parseSliceParams(infoOf(moved), begin, size);
  return part(emit, moved, first, extents);
});

/** Channels become blocks of pixels. */
const depthToSpace = defineLowering<"x", DepthToSpaceAttrs>(({ x }, { blockSize, dataFormat }, emit) => {
  if (dataFormat !== "NHWC") return undefined;
  const [batch, height, width, depth] = x.shape as [number, number, number, number];
  const channels = depth / blockSize ** 2;
  const moved = permuted(emit, { ...x, shape: [batch, height, width, blockSize, blockSize, channels] }, [0, 1, 3, 2, 4, 5]);
  return { ...moved, shape: [batch, height * blockSize, width * blockSize, channels] };
});

export const spaceLowerings: Readonly<Record<string, Lowering>> = {
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
  DepthToSpace: depthToSpace,
};
