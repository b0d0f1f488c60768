import { CONV_FILTER } from "./assembly/product-opcodes.ts";
import { type ConvInfo, copySize, frameOf, mostColumns, scratchFloats, type Tap, unitsOf } from "./conv-geometry.ts";
import { bytesOf, type Emit, type Operand } from "./emit.ts";
import { sumParts } from "./product.ts";
import { chunksFor } from "./product-plan.ts";

/** Partial sums take no more memory than this. */
const partialBytes = 16 * 2 ** 20;

/** Emits the gradient of a convolution's kernels; undefined if it does not fit into a thread's scratch memory. */
export function emitConvFilter(info: ConvInfo, taps: readonly Tap[], x: Operand, dy: Operand, emit: Emit): Operand | undefined {
  // Images of very many channels leave room for fewer pixels.
  const plan = [256, 64, 16].map((pixels) => planFilter(info, taps, pixels)).find(({ fits }) => fits);
  if (plan === undefined) return undefined;
  const { frame, units, unitsEach, unitBlocks, columnsEach, columnBlocks, rowsEach, rowBlocks } = plan;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, strideHeight, strideWidth } = info;
  const dw = emit.output(info.filterShape, "float32");
  const sums = unitBlocks > 1 ? emit.scratch(unitBlocks * bytesOf(dw.shape, "float32")) : undefined;
  emit.command(
    CONV_FILTER,
    unitBlocks * columnBlocks * rowBlocks,
    ...[x.buffer, dy.buffer, sums ?? dw.buffer],
    ...[batchSize, inHeight, inWidth, inChannels, outChannels, outHeight, outWidth, strideHeight, strideWidth],
    ...[frame.top, frame.left, frame.span, frame.columns, Number(frame.copied)],
    ...[units.imagesEach, units.rowsEach, units.rowBlocks, units.count, unitsEach],
    ...[columnsEach, columnBlocks, rowsEach, rowBlocks, taps.length],
    ...taps.map((tap) => 4 * inChannels * ((tap.y - frame.top) * frame.columns + tap.x - frame.left)),
  );
  if (sums !== undefined) sumParts(sums, dw, unitBlocks, emit);
  return dw;
}

/**
 * Cuts the sum by shape.
 * @param pixelsAtOnce pixels of the output that are summed up at once: with some channels of both sides they stay in the first cache
 */
function planFilter(info: ConvInfo, taps: readonly Tap[], pixelsAtOnce: number) {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, strideHeight, strideWidth } = info;
  const frame = frameOf(taps, [(outHeight - 1) * strideHeight, (outWidth - 1) * strideWidth], [inHeight, inWidth]);
  const rows = taps.length * inChannels;
  const pixels = outHeight * outWidth;
  const size = rows * outChannels;
  const bytes = 4 * (batchSize * (inHeight * inWidth * inChannels + pixels * outChannels) + size);
  const chunks = chunksFor(batchSize * pixels * size, bytes);

  // A partial sum costs as much as some dozen pixels.
  const units = unitsOf(batchSize, outHeight, pixelsAtOnce / pixels, pixelsAtOnce / outWidth);
  const perUnit = units.imagesEach * units.rowsEach * outWidth;
  const parts = Math.min(chunks, units.count, Math.floor(partialBytes / (4 * size)), Math.ceil((units.count * perUnit) / 128));
  const unitsEach = Math.ceil(units.count / Math.max(1, parts));
  const unitBlocks = Math.ceil(units.count / unitsEach);
  const fewest = Math.ceil(outChannels / mostColumns);
  const blocks = Math.max(fewest, Math.min(Math.ceil(chunks / unitBlocks), Math.floor(outChannels / 32)));
  const columnsEach = Math.ceil(outChannels / blocks / 8) * 8;
  const columnBlocks = Math.ceil(outChannels / columnsEach);
  const rowsEach = Math.ceil(rows / Math.max(1, Math.min(Math.ceil(chunks / unitBlocks / columnBlocks), Math.floor(rows / 96))) / 6) * 6;
  const fits = perUnit * columnsEach + 2 * units.imagesEach * units.rowsEach + copySize(frame, units, strideHeight, inChannels) <= scratchFloats;
  return { frame, units, unitsEach, unitBlocks, columnsEach, columnBlocks, rowsEach, rowBlocks: Math.ceil(rows / rowsEach), fits };
}
