import type * as tf from "@tensorflow/tfjs-core";
import { backend_util, broadcast_util } from "@tensorflow/tfjs-core";

type Size4 = [number, number, number, number];
type Sizes = number[];

/** What the attributes of the kernels below may hold. */
interface Attributes {
  readonly strides: [number, number] | number;
  readonly dilations: [number, number] | number;
  readonly pad: "same" | "valid" | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly filterShape: Sizes;
  readonly inputShape: Sizes;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}
type Shaper = (inputs: Readonly<Record<string, Sizes>>, attrs: Attributes) => Sizes;

/** The shape of the output of a kernel that is costly to compute; undefined for all others. */
export function outputShape(kernel: string, inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap): Sizes | undefined {
  const shaper = shapers[kernel];
  if (shaper === undefined) return undefined;
  const shapes = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor?.shape ?? []]));
  return shaper(shapes, attrs as object as Attributes);
}

const convolution =
  (depthwise: boolean): Shaper =>
  ({ x, filter }, { strides, dilations, pad, dimRoundingMode }) =>
    backend_util.computeConv2DInfo(x as Size4, filter as Size4, strides, dilations, pad, dimRoundingMode, depthwise).outShape;

const product: Shaper = ({ a = [], b = [] }, { transposeA, transposeB }) => {
  const outer = broadcast_util.assertAndGetBroadcastShape(a.slice(0, -2), b.slice(0, -2));
  return [...outer, a.at(transposeA ? -1 : -2) ?? 1, b.at(transposeB ? -2 : -1) ?? 1];
};

const filterShape: Shaper = (_, attrs) => attrs.filterShape;
const inputShape: Shaper = (_, attrs) => attrs.inputShape;

const shapers: Readonly<Record<string, Shaper>> = {
  Conv2D: convolution(false),
  FusedConv2D: convolution(false),
  DepthwiseConv2dNative: convolution(true),
  FusedDepthwiseConv2D: convolution(true),
  BatchMatMul: product,
  _FusedMatMul: product,
  Conv2DBackpropFilter: filterShape,
  Conv2DBackpropInput: inputShape,
  DepthwiseConv2dNativeBackpropFilter: filterShape,
  DepthwiseConv2dNativeBackpropInput: inputShape,
};
