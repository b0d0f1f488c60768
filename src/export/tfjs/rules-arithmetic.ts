import { attr } from "./graph-def.ts";
import { axes, emit, flag, given, input, listed, number, output, type Rule, refuse } from "./rule.ts";

/** What computes number by number, and what sums up along axes. */

/** tfjs's kernels of two inputs `a` and `b`, by the names of TensorFlow's nodes. */
const binary: Readonly<Record<string, string>> = {
  Add: "AddV2",
  Sub: "Sub",
  Multiply: "Mul",
  RealDiv: "RealDiv",
  FloorDiv: "FloorDiv",
  Mod: "FloorMod",
  Pow: "Pow",
  Atan2: "Atan2",
  Maximum: "Maximum",
  Minimum: "Minimum",
  SquaredDifference: "SquaredDifference",
  Equal: "Equal",
  NotEqual: "NotEqual",
  Greater: "Greater",
  GreaterEqual: "GreaterEqual",
  Less: "Less",
  LessEqual: "LessEqual",
  LogicalAnd: "LogicalAnd",
  LogicalOr: "LogicalOr",
};

/** Kernels of one input `x` that have the same name in TensorFlow. */
const unary = [
  ...["Abs", "Neg", "Sign", "Square", "Sqrt", "Rsqrt", "Reciprocal", "Exp", "Expm1", "Log", "Log1p", "Erf", "Floor", "Ceil", "Round"],
  ...["Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh"],
  ...["Relu", "Relu6", "Elu", "Selu", "Sigmoid", "Softplus", "IsNan", "IsFinite", "IsInf", "LogicalNot"],
];

/** Kernels that reduce along axes, and the attribute that names these. */
const reductions = { Sum: "axis", Mean: "axis", Min: "axis", Prod: "axis", All: "axis", Any: "axis", Max: "reductionIndices" } as const;

const reduction =
  (op: string, attribute: string): Rule =>
  (at) => {
    const along = axes(at, attribute, given(at, "x").shape.length);
    if (along.length === 0) return [input(at, "x")];
    return [emit(at, op, [input(at, "x"), at.graph.integers(along)], { keep_dims: attr.flag(flag(at, "keepDims")), Tidx: attr.type("int32") })];
  };

const oneAxis = (at: Parameters<Rule>[0]): string => {
  const [axis = 0] = axes(at, "axis", given(at, "x").shape.length);
  return at.graph.integers(axis);
};

const cumulative =
  (op: string): Rule =>
  (at) => [emit(at, op, [input(at, "x"), oneAxis(at)], { exclusive: attr.flag(flag(at, "exclusive")), reverse: attr.flag(flag(at, "reverse")) })];

const index =
  (op: string): Rule =>
  (at) => [emit(at, op, [input(at, "x"), oneAxis(at)], { output_type: attr.type("int32") })];

const softmax: Rule = (at) => {
  const rank = given(at, "logits").shape.length;
  const axis = number(at, "dim", -1);
  if (axis !== -1 && axis !== rank - 1) refuse(at, "A softmax over another axis than the last is not known to the format.");
  return [emit(at, "Softmax", [input(at, "logits")])];
};

const sum: Rule = (at) => {
  const terms = listed(at);
  return terms.length === 1 ? terms : [emit(at, "AddN", terms, { N: attr.int(terms.length) })];
};

export const arithmeticRules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    Object.entries(binary).map(([kernel, op]): [string, Rule] => [
      kernel,
      (at) => [emit(at, op, [input(at, "a"), input(at, "b")], { T: attr.type(given(at, "a").dtype) })],
    ]),
  ),
  ...Object.fromEntries(unary.map((op): [string, Rule] => [op, (at) => [emit(at, op, [input(at, "x")])]])),
  ...Object.fromEntries(Object.entries(reductions).map(([op, attribute]): [string, Rule] => [op, reduction(op, attribute)])),
  AddN: sum,
  ArgMax: index("ArgMax"),
  ArgMin: index("ArgMin"),
  Cumsum: cumulative("Cumsum"),
  Cumprod: cumulative("Cumprod"),
  Softmax: softmax,
  LeakyRelu: (at) => [emit(at, "LeakyRelu", [input(at, "x")], { alpha: attr.float(number(at, "alpha", 0.2)) })],
  Prelu: (at) => [emit(at, "Prelu", [input(at, "x"), input(at, "alpha")])],
  ClipByValue: (at) => [
    emit(at, "ClipByValue", [input(at, "x"), at.graph.number(number(at, "clipValueMin")), at.graph.number(number(at, "clipValueMax"))]),
  ],
  Select: (at) => [emit(at, "SelectV2", [input(at, "condition"), input(at, "t"), input(at, "e")], { T: attr.type(output(at).dtype) })],
};
