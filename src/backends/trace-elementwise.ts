import type * as tf from "@tensorflow/tfjs-core";
import { backend_util, broadcast_util, upcastType, util } from "@tensorflow/tfjs-core";

export interface Output {
  readonly shape: number[];
  readonly dtype: tf.DataType;
}

/** What the attributes of the kernels below may hold. */
interface Attributes {
  readonly axis: number | number[];
  readonly reductionIndices: number | number[];
  readonly keepDims: boolean;
  readonly perm: number[];
  readonly numSegments: number;
  readonly numOrSizeSplits: number | number[];
}
type Inputs = Readonly<Record<string, tf.TensorInfo>>;
type Shaper = (inputs: Inputs, attrs: Attributes) => Output | Output[];

/** The outputs of kernels that go through large tensors, for a trace of which only the calls matter; undefined for all others. */
export function outputsByShape(kernel: string, inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap): Output | Output[] | undefined {
  return shapers[kernel]?.(inputs as Inputs, attrs as object as Attributes);
}

const same: Shaper = ({ x, logits }) => {
  const { shape, dtype } = (x ?? logits) as tf.TensorInfo;
  return { shape: [...shape], dtype };
};

const broadcast: Shaper = ({ a, b }) => {
  const [one, other] = [a as tf.TensorInfo, b as tf.TensorInfo];
  return { shape: broadcast_util.assertAndGetBroadcastShape(one.shape, other.shape), dtype: upcastType(one.dtype, other.dtype) };
};

const reduced: Shaper = ({ x }, { axis, reductionIndices, keepDims }) => {
  const { shape, dtype } = x as tf.TensorInfo;
  const axes = util.parseAxisParam(axis ?? reductionIndices, shape);
  const [kept] = backend_util.computeOutAndReduceShapes(shape, axes);
  return { shape: keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept, dtype };
};

const transposed: Shaper = ({ x }, { perm }) => {
  const { shape, dtype } = x as tf.TensorInfo;
  return { shape: perm.map((axis) => shape[axis] ?? 1), dtype };
};

const segments: Shaper = ({ x, segmentIds }, { numSegments }) => {
  const { shape, dtype } = x as tf.TensorInfo;
  return { shape: [numSegments, ...shape.slice(segmentIds?.shape.length)], dtype };
};

const pieces: Shaper = ({ x }, { numOrSizeSplits, axis }) => {
  const { shape, dtype } = x as tf.TensorInfo;
  const [along = 0] = util.parseAxisParam(axis, shape);
  const sizes = backend_util.prepareSplitSize({ shape } as tf.Tensor, numOrSizeSplits, along);
  return sizes.map((size) => ({ shape: shape.with(along, size), dtype }));
};

const all = (kernels: string, shaper: Shaper) => kernels.split(" ").map((kernel) => [kernel, shaper] as const);

const shapers: Readonly<Record<string, Shaper>> = Object.fromEntries([
  ...all("Abs Cos Elu Erf Exp Expm1 LeakyRelu Log Log1p LogSoftmax Neg Relu Relu6 Rsqrt Sigmoid Sin Softmax Softplus Sqrt Square Step Tanh", same),
  ...all("Add Maximum Minimum Multiply Pow RealDiv SquaredDifference Sub", broadcast),
  ...all("Max Mean Min Sum", reduced),
  ...all("Transpose", transposed),
  ...all("UnsortedSegmentSum", segments),
  ...all("SplitV", pieces),
]);
