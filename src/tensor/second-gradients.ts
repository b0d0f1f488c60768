import * as tf from "@tensorflow/tfjs-core";

/**
 * Gradients of gradients. tfjs differentiates most of its gradients again, since they are made of ordinary operations; those that are
 * kernels of their own have no gradient, nor have comparisons, which stand in the gradients of whatever has a kink. They are declared here.
 * A gradient kernel is linear in what comes back (`dy`): its gradient by `dy` is the forward operation without its constant part.
 */

type Kernel = tf.GradConfig["kernelName"];
type Saved = tf.Tensor[];
type Attrs = Readonly<Record<string, unknown>>;
const run = (name: Kernel, inputs: Readonly<Record<string, tf.Tensor>>, attrs: Attrs): tf.Tensor =>
  tf.engine().runKernel(name, { ...inputs }, { ...attrs } as tf.NamedAttrMap);

function declare(
  kernelName: Kernel,
  inputsToSave: readonly string[],
  gradient: (dy: tf.Tensor, saved: Saved, attrs: Attrs) => Readonly<Record<string, () => tf.Tensor>>,
): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: [...inputsToSave],
    gradFunc: (dy, saved, attrs) => ({ ...gradient(dy as tf.Tensor, saved, attrs as Attrs) }),
  });
}

/** Steps: nothing comes back where a comparison is made. */
for (const name of ["Equal", "NotEqual", "Greater", "Less", "LessEqual"])
  declare(name, ["a", "b"], (_dy, [a, b]) => ({
    a: () => tf.zeros((a as tf.Tensor).shape),
    b: () => tf.zeros((b as tf.Tensor).shape),
  }));

/** dω = Σ x·dy: by x the transposed convolution of dy with what comes back, by dy the convolution of x with it. */
declare("Conv2DBackpropFilter", ["x", "dy"], (back, [x, dy], { strides, pad, dataFormat, dimRoundingMode }) => ({
  x: () =>
    run(
      "Conv2DBackpropInput",
      { dy: dy as tf.Tensor, filter: back },
      { strides, pad, dataFormat, dimRoundingMode, inputShape: (x as tf.Tensor).shape },
    ),
  dy: () => run("Conv2D", { x: x as tf.Tensor, filter: back }, { strides, pad, dataFormat, dimRoundingMode, dilations: 1 }),
}));

declare("Conv3DBackpropFilterV2", ["x", "dy"], (back, [x, dy], { strides, pad }) => ({
  x: () => run("Conv3DBackpropInputV2", { dy: dy as tf.Tensor, filter: back }, { strides, pad, inputShape: (x as tf.Tensor).shape }),
  dy: () => run("Conv3D", { x: x as tf.Tensor, filter: back }, conv3d(strides, pad)),
}));
declare("Conv3DBackpropInputV2", ["dy", "filter"], (back, [dy, filter], { strides, pad }) => ({
  dy: () => run("Conv3D", { x: back, filter: filter as tf.Tensor }, conv3d(strides, pad)),
  filter: () => run("Conv3DBackpropFilterV2", { x: back, dy: dy as tf.Tensor }, { strides, pad, filterShape: (filter as tf.Tensor).shape }),
}));
const conv3d = (strides: unknown, pad: unknown): Attrs => ({ strides, pad, dataFormat: "NDHWC", dilations: [1, 1, 1] });

declare("DepthwiseConv2dNativeBackpropFilter", ["x", "dy"], (back, [x, dy], attrs) => ({
  x: () =>
    run("DepthwiseConv2dNativeBackpropInput", { dy: dy as tf.Tensor, filter: back }, { ...depthwise(attrs), inputShape: (x as tf.Tensor).shape }),
  dy: () => run("DepthwiseConv2dNative", { x: x as tf.Tensor, filter: back }, depthwise(attrs)),
}));
declare("DepthwiseConv2dNativeBackpropInput", ["dy", "filter"], (back, [dy, filter], attrs) => ({
  dy: () => run("DepthwiseConv2dNative", { x: back, filter: filter as tf.Tensor }, depthwise(attrs)),
  filter: () =>
    run("DepthwiseConv2dNativeBackpropFilter", { x: back, dy: dy as tf.Tensor }, { ...depthwise(attrs), filterShape: (filter as tf.Tensor).shape }),
}));
const depthwise = ({ strides, pad, dimRoundingMode, dilations }: Attrs): Attrs => ({
  strides,
  pad,
  dimRoundingMode,
  dilations,
  dataFormat: "NHWC",
});

/** Means over windows spread out again: their transpose is the means over windows. */
declare("AvgPoolGrad", ["input"], (back, [input], attrs) => ({
  dy: () => run("AvgPool", { x: back }, attrs),
  input: () => tf.zerosLike(input as tf.Tensor),
}));

/** Each window's gradient goes to its largest element: the transpose reads what comes back at the places of the largest elements. */
declare("MaxPoolGrad", ["input", "output"], (back, [input, output], { filterSize, strides, pad }) => ({
  dy: () => {
    const { indexes } = tf.maxPoolWithArgmax(input as tf.Tensor4D, filterSize as number, strides as number, pad as "same", true);
    const flat = tf.gather(tf.reshape(back, [-1]), tf.reshape(tf.cast(indexes as tf.Tensor, "int32"), [-1]));
    return tf.reshape(flat, (output as tf.Tensor).shape);
  },
  input: () => tf.zerosLike(input as tf.Tensor),
  output: () => tf.zerosLike(output as tf.Tensor),
}));

for (const [gradient, forward] of [
  ["ResizeBilinearGrad", "ResizeBilinear"],
  ["ResizeNearestNeighborGrad", "ResizeNearestNeighbor"],
] as const)
  declare(gradient, ["images", "dy"], (back, [images, dy], { alignCorners, halfPixelCenters = false }) => ({
    images: () => tf.zerosLike(images as tf.Tensor),
    dy: () => run(forward, { images: back }, { alignCorners, halfPixelCenters, size: (dy as tf.Tensor).shape.slice(1, 3) }),
  }));

/** dy where y ≥ 0, dy·(y + 1) elsewhere. */
declare("EluGrad", ["dy", "y"], (back, [dy, y]) => ({
  dy: () => run("EluGrad", { dy: back, y: y as tf.Tensor }, {}),
  y: () => tf.mul(tf.mul(back, dy as tf.Tensor), tf.cast(tf.less(y as tf.Tensor, 0), "float32")),
}));
