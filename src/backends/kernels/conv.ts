import type { Conv2DAttrs, Conv2DBackpropFilterAttrs, Conv2DBackpropInputAttrs, FusedConv2DAttrs } from "@tensorflow/tfjs-core";
import { emitConvFilter } from "./conv-filter.ts";
import { areFloats, type ConvAttrs, type ConvInfo, convInfo, type Tap } from "./conv-geometry.ts";
import { type Convolution, emitConvolution, type Phase, planConvolution } from "./conv-product.ts";
import type { Emit, Lowering, Operand } from "./emit.ts";
import { defineLowering } from "./lowering.ts";
import { type Epilogue, isRow, plain } from "./product.ts";
import { activationOf } from "./product-activation.ts";

const conv2D = defineLowering<"x" | "filter", Conv2DAttrs>(({ x, filter }, attrs, emit) => forward(x, filter, attrs, plain, emit));

const fusedConv2D = defineLowering<"x" | "filter" | "bias" | "preluActivationWeights", FusedConv2DAttrs>(({ x, filter, bias }, attrs, emit) => {
  const activation = activationOf(attrs.activation, attrs.leakyreluAlpha);
  if (activation === undefined || !isRow(bias, filter.shape[3])) return undefined;
  return forward(x, filter, attrs, { bias, activation }, emit);
});

function forward(x: Operand, filter: Operand, attrs: ConvAttrs, epilogue: Epilogue, emit: Emit): Operand | undefined {
  const info = convInfo(x.shape, filter.shape, attrs, attrs.dilations ?? 1);
  // Grouped: fewer channels in the filter than in the image.
  if (info === undefined || !areFloats(x, filter) || filter.shape[2] !== info.inChannels) return undefined;
  const work = convolution(info, x, filter);
  const plan = planConvolution(work);
  if (plan === undefined) return undefined;
  const y = emit.output(info.outShape, "float32");
  emitConvolution(work, plan, epilogue, y, emit);
  return y;
}

/** y[p, q] = Σ x[p·s + i·d − top, q·s + j·d − left] · ω[i, j]. */
function convolution(info: ConvInfo, x: Operand, filter: Operand): Convolution {
  const { inChannels, outChannels, outHeight, outWidth } = info;
  return {
    ...{ image: x.buffer, filter: filter.buffer, images: info.batchSize },
    input: [info.inHeight, info.inWidth, inChannels],
    output: [outHeight, outWidth, outChannels],
    spacing: [1, 1],
    stride: [info.strideHeight, info.strideWidth],
    strides: { tap: inChannels * outChannels, term: outChannels, column: 1 },
    phases: [{ rows: outHeight, columns: outWidth, y: 0, x: 0, taps: tapsOf(info) }],
  };
}

/** What each tap of a kernel sees from the output's first pixel. */
export function tapsOf({ filterHeight, filterWidth, dilationHeight, dilationWidth, padInfo }: ConvInfo): Tap[] {
  return Array.from({ length: filterHeight * filterWidth }, (_, index) => ({
    y: Math.floor(index / filterWidth) * dilationHeight - padInfo.top,
    x: (index % filterWidth) * dilationWidth - padInfo.left,
    index,
  }));
}

/** ∂L/∂x: a convolution of ∂L/∂y with the kernels turned round, a phase for each remainder of a pixel by the stride. */
const inputGradient = defineLowering<"dy" | "filter", Conv2DBackpropInputAttrs>(({ dy, filter }, attrs, emit) => {
  const info = convInfo(attrs.inputShape, filter.shape, attrs, 1);
  if (info === undefined || !areFloats(dy, filter) || filter.shape[2] !== info.inChannels) return undefined;
  const { strideHeight, strideWidth, inHeight, inWidth, inChannels, outChannels } = info;
  const phases = Array.from({ length: Math.min(strideHeight, inHeight) * Math.min(strideWidth, inWidth) }, (_, i): Phase => {
    const across = Math.min(strideWidth, inWidth);
    const [y, x] = [Math.floor(i / across), i % across];
    const rows = Math.ceil((inHeight - y) / strideHeight);
    const columns = Math.ceil((inWidth - x) / strideWidth);
    const seen = tapsOf(info).map((tap) => ({ y: (y - tap.y) / strideHeight, x: (x - tap.x) / strideWidth, index: tap.index }));
    return { rows, columns, y, x, taps: seen.filter((tap) => Number.isInteger(tap.y) && Number.isInteger(tap.x)) };
  });
  const work: Convolution = {
    ...{ image: dy.buffer, filter: filter.buffer, images: info.batchSize },
    input: [info.outHeight, info.outWidth, outChannels],
    output: [inHeight, inWidth, inChannels],
    spacing: [strideHeight, strideWidth],
    stride: [1, 1],
    strides: { tap: inChannels * outChannels, term: 1, column: outChannels },
    phases,
  };
  const plan = planConvolution(work);
  if (plan === undefined) return undefined;
  const dx = emit.output(info.inShape, "float32");
  emitConvolution(work, plan, plain, dx, emit);
  return dx;
});

/** ∂L/∂ω[i, j] = Σ over images and pixels of x[p·s + i − top, q·s + j − left] · ∂L/∂y[p, q]. */
const filterGradient = defineLowering<"x" | "dy", Conv2DBackpropFilterAttrs>(({ x, dy }, attrs, emit) => {
  const info = convInfo(x.shape, attrs.filterShape, attrs, 1);
  if (info === undefined || !areFloats(x, dy) || attrs.filterShape[2] !== info.inChannels) return undefined;
  return emitConvFilter(info, tapsOf(info), x, dy, emit);
});

export const convLowerings: Readonly<Record<string, Lowering>> = {
  Conv2D: conv2D,
  FusedConv2D: fusedConv2D,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
};
