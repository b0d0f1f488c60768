import { type AvgPoolAttrs, type AvgPoolGradAttrs, backend_util, type MaxPoolAttrs, type MaxPoolGradAttrs } from "@tensorflow/tfjs-core";
import { AVG_POOL, AVG_POOL_GRAD, MAX_POOL, MAX_POOL_GRAD } from "./assembly/pooling-opcodes.ts";
import { chunksFor } from "./chunks.ts";
import { type Lowering, type Operand, sizeOf } from "./emit.ts";
import { defineLowering } from "./lowering.ts";

type Geometry = backend_util.Conv2DInfo;

/** What the windows of a pooling are; images as batch, rows, columns, channels. */
const geometryOf = ({ shape }: Operand, { filterSize, strides, pad, dimRoundingMode }: MaxPoolAttrs): Geometry =>
  backend_util.computePool2DInfo([...shape] as [number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode);

const words = (g: Geometry): number[] => [
  ...[g.batchSize, g.inHeight, g.inWidth, g.inChannels, g.outHeight, g.outWidth],
  ...[g.filterHeight, g.filterWidth, g.strideHeight, g.strideWidth, g.padInfo.top, g.padInfo.left],
];

/** Every window holds a part of the image. */
const isWithin = ({ padInfo, filterHeight, filterWidth }: Geometry): boolean =>
  Math.max(padInfo.top, padInfo.bottom) < filterHeight && Math.max(padInfo.left, padInfo.right) < filterWidth;

const pooling = (opcode: typeof MAX_POOL | typeof AVG_POOL) =>
  defineLowering<"x", MaxPoolAttrs | AvgPoolAttrs>(({ x }, attrs, emit) => {
    if (x.dtype !== "float32") return undefined;
    const geometry = geometryOf(x, attrs);
    const { filterHeight, filterWidth, strideHeight, strideWidth, outShape } = geometry;
    if (filterHeight * filterWidth * strideHeight * strideWidth === 1 && sizeOf(outShape) === sizeOf(x.shape)) return x;
    if (!isWithin(geometry)) return undefined;
    const output = emit.output(outShape, "float32");
    const size = sizeOf(outShape);
    if (size === 0) return output;
    const rows = geometry.batchSize * geometry.outHeight;
    const chunks = Math.min(rows, chunksFor(Math.max(sizeOf(x.shape), size * filterHeight * filterWidth) * 4));
    emit.command(opcode, chunks, x.buffer, output.buffer, ...words(geometry));
    return output;
  });

/** Windows that do not overlap, and whether they leave elements of the image out. */
function coverage(g: Geometry): number[] {
  const isApart = g.strideHeight >= g.filterHeight && g.strideWidth >= g.filterWidth;
  const isWhole =
    g.strideHeight === g.filterHeight &&
    g.strideWidth === g.filterWidth &&
    g.outHeight * g.strideHeight - g.padInfo.top >= g.inHeight &&
    g.outWidth * g.strideWidth - g.padInfo.left >= g.inWidth;
  return [isApart ? 1 : 0, isWhole ? 0 : 1];
}

const gradientChunks = (g: Geometry, x: Operand): number => Math.max(1, Math.min(g.batchSize, chunksFor(sizeOf(x.shape) * 8)));

/** The gradient goes to the first largest element of each window. */
const maxPoolGradient = defineLowering<"dy" | "input" | "output", MaxPoolGradAttrs>(({ dy, input, output }, attrs, emit) => {
  if (input.dtype !== "float32" || dy.dtype !== "float32") return undefined;
  const geometry = geometryOf(input, attrs);
  if (!isWithin(geometry)) return undefined;
  const dx = emit.output(input.shape, "float32");
  if (sizeOf(input.shape) === 0) return dx;
  emit.command(
    MAX_POOL_GRAD,
    gradientChunks(geometry, input),
    ...[dy.buffer, dx.buffer, input.buffer, output.buffer],
    ...words(geometry),
    ...coverage(geometry),
  );
  return dx;
});

/** With a border, tfjs's own gradient is not that of its pooling (it divides by the whole window): such cases are left to it. */
const avgPoolGradient = defineLowering<"dy" | "input", AvgPoolGradAttrs>(({ dy, input }, attrs, emit) => {
  if (input.dtype !== "float32" || dy.dtype !== "float32") return undefined;
  const geometry = geometryOf(input, { ...attrs, dimRoundingMode: undefined } as MaxPoolAttrs);
  const { top, bottom, left, right } = geometry.padInfo;
  if (top + bottom + left + right !== 0 || sizeOf(geometry.outShape) !== sizeOf(dy.shape)) return undefined;
  const dx = emit.output(input.shape, "float32");
  if (sizeOf(input.shape) === 0) return dx;
  emit.command(AVG_POOL_GRAD, gradientChunks(geometry, input), ...[dy.buffer, dx.buffer, 0, 0], ...words(geometry), ...coverage(geometry));
  return dx;
});

export const poolingLowerings: Readonly<Record<string, Lowering>> = {
  MaxPool: pooling(MAX_POOL),
  AvgPool: pooling(AVG_POOL),
  MaxPoolGrad: maxPoolGradient,
  AvgPoolGrad: avgPoolGradient,
};
