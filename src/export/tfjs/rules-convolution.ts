import { sameShape } from "../extent.ts";
import { type Attrs, attr } from "./graph-def.ts";
import { emit, extents, flag, given, input, number, numbers, output, type Rule, refuse, type Shaped, type Translation, text } from "./rule.ts";

/** Convolutions, pooling and matrix products. */

/** `[1, h, w, 1]`, as TensorFlow writes strides, dilations and windows. */
const spatial = (at: Translation, name: string): number[] => {
  const [height = 1, width = height] = numbers(at, name);
  return [1, height, width, 1];
};

function padding(at: Translation): Attrs {
  const pad = at.call.attrs.pad;
  if (pad === "same" || pad === "valid") return { padding: attr.text(pad.toUpperCase()) };
  const sides = typeof pad === "number" ? [0, 0, pad, pad, pad, pad, 0, 0] : (pad as number[][]).flat();
  if (sides.every((side) => side === 0)) return { padding: attr.text("VALID") };
  return { padding: attr.text("EXPLICIT"), explicit_paddings: attr.ints(sides) };
}

const windowAttrs = (at: Translation): Attrs => ({
  strides: attr.ints(spatial(at, "strides")),
  ...(at.call.attrs.dilations !== undefined && { dilations: attr.ints(spatial(at, "dilations")) }),
  data_format: attr.text("NHWC"),
  ...padding(at),
});

/** tfjs's activations inside fused kernels, by the names of TensorFlow's nodes. */
const activations: Readonly<Record<string, string>> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  leakyrelu: "LeakyRelu",
  prelu: "Prelu",
};

function activation(at: Translation): string | undefined {
  const name = text(at, "activation");
  if (name === "undefined" || name === "null" || name === "linear") return undefined;
  return activations[name] ?? refuse(at, `The activation ${name} inside a kernel is not known to the format.`);
}

/** A kernel with an optional bias and activation, in TensorFlow's fused node where there is a bias. */
function fused(at: Translation, plain: string, together: string, operands: readonly string[], attrs: Attrs): readonly string[] {
  const { bias, preluActivationWeights: slopes } = at.inputs;
  const shape = activation(at);
  const leaky: Attrs = shape === "LeakyRelu" ? { leakyrelu_alpha: attr.float(number(at, "leakyreluAlpha", 0.2)) } : {};
  if (bias !== undefined) {
    const extra = shape === "Prelu" ? [bias, slopes ?? refuse(at, "Its slopes are missing.")] : [bias];
    return [
      emit(
        at,
        together,
        [...operands, ...extra],
        {
          ...attrs,
          ...leaky,
          num_args: attr.int(extra.length),
          fused_ops: attr.texts(shape === undefined ? ["BiasAdd"] : ["BiasAdd", shape]),
          epsilon: attr.float(0),
        },
        plain,
      ),
    ];
  }
  const result = emit(at, plain, operands, attrs);
  if (shape === undefined) return [result];
  if (shape === "Prelu") return [emit(at, "Prelu", [result, slopes ?? refuse(at, "Its slopes are missing.")])];
  return [emit(at, shape, [result], shape === "LeakyRelu" ? { alpha: attr.float(number(at, "leakyreluAlpha", 0.2)) } : {})];
}

const convolution =
  (plain: string, together: string): Rule =>
  (at) =>
    fused(at, plain, together, [input(at, "x"), input(at, "filter")], windowAttrs(at));

const transposedConvolution: Rule = (at) => [
  emit(at, "Conv2DBackpropInput", [at.graph.sizes(extents(at, "inputShape")), input(at, "filter"), input(at, "dy")], windowAttrs(at)),
];

const pooling =
  (op: string): Rule =>
  (at) => {
    const attrs = windowAttrs(at);
    if ("explicit_paddings" in attrs) refuse(at, "Pooling over padding of chosen widths is not known to the format; use a pad layer.");
    return [emit(at, op, [input(at, "x")], { ...attrs, ksize: attr.ints(spatial(at, "filterSize")) })];
  };

/** A stack of one matrix is the matrix: tfjs makes such stacks for its kernels, which the graph need not show. */
const unstacked = (at: Translation, name: string): Shaped => {
  const own = { name: input(at, name), shape: given(at, name).shape };
  const before = at.before(own.name);
  return own.shape.length === 3 && before !== undefined && sameShape([1, ...before.shape], own.shape) ? before : own;
};

const product: Rule = (at) => {
  const [transposeA, transposeB] = [attr.flag(flag(at, "transposeA")), attr.flag(flag(at, "transposeB"))];
  const operands = [unstacked(at, "a"), unstacked(at, "b")];
  const isPlain = operands.every(({ shape }) => shape.length === 2);
  const [a, b] = isPlain ? operands.map(({ name }) => name) : [input(at, "a"), input(at, "b")];
  const inputs = [a ?? "", b ?? ""];
  if (!isPlain && at.call.kernel === "BatchMatMul") return [emit(at, "BatchMatMulV2", inputs, { adj_x: transposeA, adj_y: transposeB })];
  const [result = ""] = fused(at, "MatMul", "_FusedMatMul", inputs, { transpose_a: transposeA, transpose_b: transposeB });
  const { shape } = output(at);
  if (!isPlain || shape.length === 2) return [result];
  const stacked = emit(at, "Reshape", [result, at.graph.reshapeTo(shape)]);
  at.remember(stacked, { name: result, shape: shape.slice(1) });
  return [stacked];
};

export const convolutionRules: Readonly<Record<string, Rule>> = {
  Conv2D: convolution("Conv2D", "_FusedConv2D"),
  FusedConv2D: convolution("Conv2D", "_FusedConv2D"),
  DepthwiseConv2dNative: convolution("DepthwiseConv2dNative", "FusedDepthwiseConv2dNative"),
  FusedDepthwiseConv2D: convolution("DepthwiseConv2dNative", "FusedDepthwiseConv2dNative"),
  Conv2DBackpropInput: transposedConvolution,
  MaxPool: pooling("MaxPool"),
  AvgPool: pooling("AvgPool"),
  BatchMatMul: product,
  _FusedMatMul: product,
};
