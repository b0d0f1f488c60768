import type {
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
  FusedDepthwiseConv2DAttrs,
} from "@tensorflow/tfjs-core";
import { DEPTHWISE, DEPTHWISE_FILTER, DEPTHWISE_INPUT } from "./assembly/product-opcodes.ts";
import { areFloats, type ConvAttrs, type ConvInfo, convInfo } from "./conv-geometry.ts";
import { type Buffer, bytesOf, type Emit, float, type Lowering, type Operand, sizeOf } from "./emit.ts";
import { defineLowering } from "./lowering.ts";
import { type Epilogue, isRow, plain, sumParts } from "./product.ts";
import { activationOf } from "./product-activation.ts";
import { chunksFor } from "./product-plan.ts";

const depthwise = defineLowering<"x" | "filter", DepthwiseConv2dNativeAttrs>(({ x, filter }, attrs, emit) => forward(x, filter, attrs, plain, emit));

const fused = defineLowering<"x" | "filter" | "bias" | "preluActivationWeights", FusedDepthwiseConv2DAttrs>(({ x, filter, bias }, attrs, emit) => {
  const activation = activationOf(attrs.activation, attrs.leakyreluAlpha);
  if (activation === undefined || !isRow(bias, sizeOf(filter.shape.slice(2)))) return undefined;
  return forward(x, filter, attrs, { bias, activation }, emit);
});

function forward(x: Operand, filter: Operand, attrs: ConvAttrs, epilogue: Epilogue, emit: Emit): Operand | undefined {
  const info = sizes(x.shape, filter.shape, attrs);
  if (info === undefined || !areFloats(x, filter)) return undefined;
  const y = emit.output(info.outShape, "float32");
  const words = wordsOf(info, x.buffer, filter.buffer, epilogue, y.buffer);
  emit.command(DEPTHWISE, chunksOf(info, info.outHeight), ...words);
  return y;
}

/** ∂L/∂x[h, w, c] = Σ over the pixels that see it of ∂L/∂y[p, q, c·m + μ] · ω[i, j, c, μ]. */
const inputGradient = defineLowering<"dy" | "filter", DepthwiseConv2dNativeBackpropInputAttrs>(({ dy, filter }, attrs, emit) => {
  const info = sizes(attrs.inputShape, filter.shape, attrs);
  if (info === undefined || !areFloats(dy, filter) || isDilated(info)) return undefined;
  const dx = emit.output(info.inShape, "float32");
  emit.command(DEPTHWISE_INPUT, chunksOf(info, info.inHeight), ...wordsOf(info, dy.buffer, filter.buffer, plain, dx.buffer));
  return dx;
});

/** ∂L/∂ω[i, j, c, μ] = Σ over images and pixels of x[p·s + i − top, q·s + j − left, c] · ∂L/∂y[p, q, c·m + μ]. */
const filterGradient = defineLowering<"x" | "dy", DepthwiseConv2dNativeBackpropFilterAttrs>(({ x, dy }, attrs, emit) => {
  const info = sizes(x.shape, attrs.filterShape, attrs);
  if (info === undefined || !areFloats(x, dy) || isDilated(info)) return undefined;
  const dw = emit.output(info.filterShape, "float32");
  const chunks = chunksOf(info, info.outHeight);
  const parts = chunks > 1 ? emit.scratch(chunks * bytesOf(dw.shape, "float32")) : undefined;
  emit.command(DEPTHWISE_FILTER, chunks, ...wordsOf(info, x.buffer, dy.buffer, plain, parts ?? dw.buffer));
  if (parts !== undefined) sumParts(parts, dw, chunks, emit);
  return dw;
});

/** tfjs's gradients know no dilation. */
const isDilated = ({ dilationHeight, dilationWidth }: ConvInfo) => dilationHeight !== 1 || dilationWidth !== 1;

/** Undefined also for kernels of so many taps that a list of them would not fit into a thread's scratch memory. */
function sizes(image: readonly number[], filter: readonly number[], attrs: ConvAttrs): ConvInfo | undefined {
  const info = convInfo(image, filter, attrs, attrs.dilations ?? 1, true);
  return info === undefined || filter[2] !== info.inChannels || info.filterHeight * info.filterWidth > 2 ** 16 ? undefined : info;
}

/** Chunks of rows; a depthwise convolution takes two loads a multiply–add. */
function chunksOf(info: ConvInfo, rows: number): number {
  const outputs = info.batchSize * info.outHeight * info.outWidth * info.outChannels;
  const inputs = info.batchSize * info.inHeight * info.inWidth * info.inChannels;
  return Math.min(info.batchSize * rows, chunksFor(4 * outputs * info.filterHeight * info.filterWidth, 4 * (outputs + inputs)));
}

function wordsOf(info: ConvInfo, from: Buffer, kernels: Buffer, { bias, activation }: Epilogue, to: Buffer): (number | Buffer)[] {
  const { inChannels, padInfo } = info;
  return [
    ...[from, kernels, bias?.buffer ?? 0, to],
    ...[info.batchSize, info.inHeight, info.inWidth, inChannels, info.outChannels / inChannels, info.outHeight, info.outWidth],
    ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth],
    ...[padInfo.top, padInfo.left, activation.code, float(activation.slope)],
  ];
}

export const depthwiseLowerings: Readonly<Record<string, Lowering>> = {
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2D: fused,
  DepthwiseConv2dNativeBackpropInput: inputGradient,
  DepthwiseConv2dNativeBackpropFilter: filterGradient,
};
