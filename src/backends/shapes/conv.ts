import { backend_util, broadcast_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineRule, forAll, type ShapeRule, type ShapeRules } from "./rule.ts";

type Size4 = [number, number, number, number];
type Size5 = [number, number, number, number, number];

interface Window<Sizes> {
  readonly filterSize: Sizes | number;
  readonly strides: Sizes | number;
  readonly dilations: Sizes | number;
  readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}
type Window2 = Window<[number, number]>;
type Window3 = Window<[number, number, number]> & { readonly pad: "same" | "valid" | number };

const convolution = (depthwise: boolean): ShapeRule =>
  defineRule<"x" | "filter", Window2>(({ x, filter }, { strides, dilations, pad, dimRoundingMode }) => ({
    shape: backend_util.computeConv2DInfo(x.shape as Size4, filter.shape as Size4, strides, dilations, pad, dimRoundingMode, depthwise).outShape,
    dtype: "float32",
  }));

const pool = defineRule<"x", Window2>(({ x }, { filterSize, strides, pad, dimRoundingMode }) => {
  const { filterWidth, filterHeight, inShape, outShape } = backend_util.computePool2DInfo(
    x.shape as Size4,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const nothing = filterWidth === 1 && filterHeight === 1 && inShape.join() === outShape.join();
  return { shape: outShape, dtype: x.dtype, ...(nothing && { as: x }) };
});

const pool3d = defineRule<"x", Window3>(({ x }, { filterSize, strides, pad, dimRoundingMode }) => ({
  shape: backend_util.computePool3DInfo(x.shape as Size5, filterSize, strides, 1, pad, dimRoundingMode).outShape,
  dtype: "float32",
}));

const likeInput = defineRule<"input", object>(({ input }) => ({ shape: input.shape, dtype: "float32" }));

const product = defineRule<"a" | "b", { readonly transposeA?: boolean; readonly transposeB?: boolean }>(({ a, b }, { transposeA, transposeB }) => ({
  shape: [
    ...broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)),
    a.shape.at(transposeA ? -1 : -2) ?? 1,
    b.shape.at(transposeB ? -2 : -1) ?? 1,
  ],
  dtype: "float32",
}));

const resize = defineRule<"images", { readonly size: readonly [number, number] }>(({ images: { shape } }, { size: [height, width] }) => ({
  shape: [shape[0] ?? 0, height, width, shape[3] ?? 0],
  dtype: "float32",
}));

const like = ({ shape }: TensorInfo) => ({ shape, dtype: "float32" as const });

/** Products, convolutions, pooling and resizing, and their gradients. */
export const convRules: ShapeRules = {
  ...forAll("Conv2D FusedConv2D", convolution(false)),
  ...forAll("DepthwiseConv2dNative FusedDepthwiseConv2D", convolution(true)),
  Conv3D: defineRule<"x" | "filter", Window3>(({ x, filter }, { strides, dilations, pad }) => ({
    shape: backend_util.computeConv3DInfo(x.shape as Size5, filter.shape as Size5, strides, dilations, pad).outShape,
    dtype: "float32",
  })),
  ...forAll(
    "Conv2DBackpropFilter DepthwiseConv2dNativeBackpropFilter Conv3DBackpropFilterV2",
    defineRule<never, { readonly filterShape: readonly number[] }>((_, { filterShape }) => ({ shape: filterShape, dtype: "float32" })),
  ),
  ...forAll(
    "Conv2DBackpropInput DepthwiseConv2dNativeBackpropInput Conv3DBackpropInputV2",
    defineRule<never, { readonly inputShape: readonly number[] }>((_, { inputShape }) => ({ shape: inputShape, dtype: "float32" })),
  ),
  ...forAll("MaxPool AvgPool", pool),
  ...forAll("MaxPool3D AvgPool3D", pool3d),
  ...forAll("MaxPoolGrad AvgPoolGrad MaxPool3DGrad AvgPool3DGrad", likeInput),
  ...forAll("BatchMatMul _FusedMatMul", product),
  ...forAll("ResizeBilinear ResizeNearestNeighbor", resize),
  ...forAll(
    "ResizeBilinearGrad ResizeNearestNeighborGrad",
    defineRule<"images", object>(({ images }) => like(images)),
  ),
};
