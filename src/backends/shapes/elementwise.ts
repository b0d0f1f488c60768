import { broadcast_util, type DataType, type TensorInfo, upcastType } from "@tensorflow/tfjs-core";
import { defineRule, firstOf, forAll, type Outline, type ShapeRules } from "./rule.ts";

const like = ({ shape, dtype }: TensorInfo, type: DataType = dtype): Outline => ({ shape, dtype: type });

const binary = (type: (a: TensorInfo) => DataType) =>
  defineRule<"a" | "b", object>(({ a, b }) => ({ shape: broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape), dtype: type(a) }));

/** Kernels that give each element by itself. */
export const elementwiseRules: ShapeRules = {
  ...forAll(
    "Abs Acos Acosh Asin Asinh Atan Atanh Ceil ClipByValue Cos Cosh Elu EluGrad Erf Exp Expm1 Floor LeakyRelu Log Log1p LRN Neg Reciprocal Relu " +
      "Relu6 Round Rsqrt Selu Sigmoid Sign Sin Sinh Softmax Softplus Sqrt Square Step Tan Tanh ZerosLike OnesLike AddN Reverse MirrorPadGrad",
    (inputs) => like(firstOf(inputs)),
  ),
  ...forAll("IsFinite IsInf IsNan LogicalNot", (inputs) => like(firstOf(inputs), "bool")),
  ...forAll("Cumsum Cumprod", (inputs) => like(firstOf(inputs), upcastType(firstOf(inputs).dtype, "int32"))),
  ...forAll(
    "Add Atan2 BitwiseAnd FloorDiv Maximum Minimum Mod Multiply Pow RealDiv SquaredDifference Sub",
    binary(({ dtype }) => dtype),
  ),
  ...forAll(
    "Equal Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr NotEqual",
    binary(() => "bool"),
  ),
  Prelu: defineRule<"x" | "alpha", object>(({ x, alpha }) => ({
    shape: broadcast_util.assertAndGetBroadcastShape(x.shape, alpha.shape),
    dtype: "float32",
  })),
  Select: defineRule<"condition" | "t" | "e", object>(({ t, e }) => like(t, upcastType(t.dtype, e.dtype))),
  FusedBatchNorm: defineRule<"x", object>(({ x }) => like(x)),
  LRNGrad: defineRule<"x", object>(({ x }) => like(x)),
};
