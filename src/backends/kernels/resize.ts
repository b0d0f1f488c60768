import type { ResizeBilinearAttrs, ResizeBilinearGradAttrs, ResizeNearestNeighborAttrs, ResizeNearestNeighborGradAttrs } from "@tensorflow/tfjs-core";
import { RESIZE, RESIZE_GRAD } from "./assembly/resize-opcodes.ts";
import { chunksFor } from "./chunks.ts";
import { type Emit, float, type Lowering, type Operand, sizeOf } from "./emit.ts";
import { defineLowering } from "./lowering.ts";

/** The two samples of an axis that a sample of the resized axis lies between, and the share of the second. */
type Neighbours = readonly [low: number, high: number, share: number];

interface Grid {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** How many samples of an axis of n one of m spans; with aligned corners the first and last samples of both coincide. */
const scaleOf = (n: number, m: number, { alignCorners }: Grid): number => (alignCorners && m > 1 ? (n - 1) / (m - 1) : n / m);

function bilinear(n: number, m: number, grid: Grid): Neighbours[] {
  const scale = scaleOf(n, m, grid);
  return Array.from({ length: m }, (_, i) => {
    const at = grid.halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i;
    const low = Math.max(0, Math.floor(at));
    return [low, Math.min(n - 1, Math.ceil(at)), at - low];
  });
}

function nearest(n: number, m: number, grid: Grid): Neighbours[] {
  const scale = scaleOf(n, m, grid);
  return Array.from({ length: m }, (_, i) => {
    const at = grid.halfPixelCenters ? scale * (i + 0.5) : scale * i;
    const sample = Math.max(0, Math.min(n - 1, grid.alignCorners ? Math.round(at) : Math.floor(at)));
    return [sample, sample, 0];
  });
}

type Shape = readonly [batch: number, height: number, width: number, channels: number];
type Table = typeof bilinear;

function emitResize(emit: Emit, opcode: number, chunks: number, [small, large]: readonly [Operand, Operand], table: Table, grid: Grid): void {
  const [batch, height, width, channels] = small.shape as Shape;
  const [, outHeight, outWidth] = large.shape as Shape;
  const neighbours = [...table(height, outHeight, grid), ...table(width, outWidth, grid)];
  emit.command(
    opcode,
    chunks,
    ...[small.buffer, large.buffer, batch, height, width, channels, outHeight, outWidth],
    ...neighbours.flatMap(([low, high, share]) => [low, high, float(share)]),
  );
}

const resize = (table: Table) =>
  defineLowering<"images", ResizeBilinearAttrs | ResizeNearestNeighborAttrs>(({ images }, { size: [height, width], ...grid }, emit) => {
    const [batch, , , channels] = images.shape as Shape;
    const shape = [batch, height, width, channels];
    if (images.dtype !== "float32" || sizeOf(shape) === 0 || sizeOf(images.shape) === 0) return undefined;
    const output = emit.output(shape, "float32");
    emitResize(emit, RESIZE, Math.min(batch * height, chunksFor(sizeOf(shape) * 8)), [images, output], table, grid);
    return output;
  });

/**
 * tfjs's gradients know no half pixels. Where its JavaScript goes wrong, this does not: it takes height for width where it mixes
 * pixels, and reads the wrong image of a batch where it takes the nearest.
 */
const gradient = (table: Table) =>
  defineLowering<"images" | "dy", ResizeBilinearGradAttrs | ResizeNearestNeighborGradAttrs>(({ images, dy }, { alignCorners }, emit) => {
    const [batch] = images.shape as Shape;
    if (images.dtype !== "float32" || dy.dtype !== "float32" || sizeOf(images.shape) === 0) return undefined;
    const dx = emit.output(images.shape, "float32");
    const chunks = Math.min(batch, chunksFor(sizeOf(dy.shape) * 16));
    emitResize(emit, RESIZE_GRAD, chunks, [dx, dy], table, { alignCorners, halfPixelCenters: false });
    return dx;
  });

export const resizeLowerings: Readonly<Record<string, Lowering>> = {
  ResizeBilinear: resize(bilinear),
  ResizeBilinearGrad: gradient(bilinear),
  ResizeNearestNeighbor: resize(nearest),
  ResizeNearestNeighborGrad: gradient(nearest),
};
