import { backend_util, type GatherV2Attrs, type OneHotAttrs, type UnsortedSegmentSumAttrs, util } from "@tensorflow/tfjs-core";
import { GATHER, ONE_HOT, SEGMENT_SUM } from "./assembly/index-opcodes.ts";
import { chunksFor } from "./chunks.ts";
import { bytesOf, float, type Lowering, sizeOf } from "./emit.ts";
import { wordOf } from "./fill.ts";
import { defineLowering } from "./lowering.ts";
import { infoOf } from "./view.ts";

/**
 * Rows of x by their indices. Within a step there is nobody to throw to: a row that is not there is NaN, which stops a run and
 * names the node; whole numbers are 0.
 */
const gather = defineLowering<"x" | "indices", GatherV2Attrs>(({ x, indices }, { axis, batchDims }, emit) => {
  if (x.dtype === "bool" || indices.dtype !== "int32") return undefined;
  const [along = 0] = util.parseAxisParam(axis, [...x.shape]);
  const info = backend_util.segment_util.collectGatherOpShapeInfo(infoOf(x), infoOf(indices), along, batchDims ?? 0);
  const output = emit.output(info.outputShape, x.dtype);
  const size = sizeOf(info.outputShape);
  if (size === 0) return output;
  const count = sizeOf(indices.shape) / info.batchSize;
  const rows = info.batchSize * info.outerSize * count;
  emit.command(
    GATHER,
    Math.min(rows, chunksFor(size * 4)),
    ...[
      x.buffer,
      indices.buffer,
      output.buffer,
      info.sliceSize * 4,
      info.outerSize,
      count,
      info.dimSize,
      rows,
      x.dtype === "float32" ? float(Number.NaN) : 0,
    ],
  );
  return output;
});

const oneHot = defineLowering<"indices", OneHotAttrs>(({ indices }, { depth, onValue, offValue, dtype }, emit) => {
  const [on, off] = [wordOf(onValue, dtype), wordOf(offValue, dtype)];
  if (indices.dtype !== "int32" || on === undefined || off === undefined) return undefined;
  const shape = [...indices.shape, depth];
  const output = emit.output(shape, dtype);
  const rows = sizeOf(indices.shape);
  const chunks = Math.max(1, Math.min(rows, chunksFor(bytesOf(shape, dtype))));
  emit.command(ONE_HOT, chunks, indices.buffer, output.buffer, rows, depth, on, off);
  return output;
});

/** Additions of one chunk. */
const additions = 65536;
/** Columns that one chunk takes of wide rows: two cache lines. */
const columnsOfChunk = 32;

/** The gradient of a gather, and the sum over a graph's edges. */
const segmentSum = defineLowering<"x" | "segmentIds", UnsortedSegmentSumAttrs>(({ x, segmentIds }, { numSegments }, emit) => {
  if (x.dtype !== "float32" || segmentIds.dtype !== "int32" || segmentIds.shape.length !== 1) return undefined;
  const [rows = 1, ...rest] = x.shape;
  const output = emit.output([numSegments, ...rest], "float32");
  const columns = sizeOf(rest);
  if (columns === 0 || numSegments === 0) return output;
  const most = Math.round((rows * columns) / additions);
  const columnBlocks = most <= 1 ? 1 : Math.min(Math.ceil(columns / columnsOfChunk), 32);
  const rangeBlocks = Math.max(1, Math.min(Math.floor(most / columnBlocks), 8, numSegments));
  emit.command(
    SEGMENT_SUM,
    columnBlocks * rangeBlocks,
    ...[x.buffer, segmentIds.buffer, output.buffer, rows, columns, numSegments, columnBlocks, rangeBlocks],
  );
  return output;
});

export const indexLowerings: Readonly<Record<string, Lowering>> = { GatherV2: gather, OneHot: oneHot, UnsortedSegmentSum: segmentSum };
