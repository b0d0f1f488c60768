import type { DataType } from "@tensorflow/tfjs-core";
import * as op from "./assembly/elementwise-opcodes.ts";
import { broadcastShape } from "./broadcast.ts";
import { type Operand, sizeOf } from "./emit.ts";

type Inputs = Readonly<Record<string, Operand | undefined>>;
type Attrs = Readonly<Record<string, unknown>>;

/** An argument of a step: a tensor, a number, or undefined for what the step before gave. */
export type Argument = Operand | number | undefined;

export interface Step {
  readonly code: number;
  readonly args: readonly Argument[];
}

/** An elementwise kernel call as micro-operations; what the last gives is the output. */
export interface Elementwise {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly steps: readonly Step[];
}

type Rule = (inputs: Inputs, attrs: Attrs) => Elementwise | undefined;

const isFloat = ({ dtype }: Operand): boolean => dtype === "float32";
/** Types whose numbers float32 holds exactly. */
const isExact = ({ dtype }: Operand): boolean => dtype === "float32" || dtype === "bool";

const unary =
  (code: number, dtype: DataType = "float32"): Rule =>
  ({ x }) =>
    x && isFloat(x) ? { shape: x.shape, dtype, steps: [{ code, args: [x] }] } : undefined;

const binary =
  (code: number, accepts = isFloat, dtype: DataType = "float32", names: readonly [string, string] = ["a", "b"]): Rule =>
  (inputs) => {
    const a = inputs[names[0]];
    const b = inputs[names[1]];
    if (!a || !b || !accepts(a) || !accepts(b)) return undefined;
    const shape = broadcastShape([a.shape, b.shape]);
    return shape && { shape, dtype, steps: [{ code, args: [a, b] }] };
  };

const comparison = (code: number): Rule => binary(code, isExact, "bool");

const withNumbers =
  (code: number, ...names: readonly string[]): Rule =>
  ({ x }, attrs) => {
    const numbers = names.map((name) => attrs[name]).filter((value) => typeof value === "number");
    if (!x || !isFloat(x) || numbers.length < names.length) return undefined;
    return { shape: x.shape, dtype: "float32", steps: [{ code, args: [x, ...numbers] }] };
  };

const logicalNot: Rule = ({ x }) => x && { shape: x.shape, dtype: "bool", steps: [{ code: op.LOGICAL_NOT, args: [x] }] };

const select: Rule = ({ condition, t, e }) => {
  if (!condition || !t || !e || !isFloat(t) || !isFloat(e) || condition.dtype !== "bool") return undefined;
  const { shape } = t;
  const same = [condition, e].every((other) => sizeOf(other.shape) === sizeOf(shape));
  return same ? { shape, dtype: "float32", steps: [{ code: op.SELECT, args: [condition, t, e] }] } : undefined;
};

/** Operands that one command can name, with room to spare; sums of more (norms over many weights) are left to tfjs. */
const mostTerms = 48;

const addN: Rule = (inputs) => {
  const terms = Object.values(inputs).filter((term) => term !== undefined);
  const [first, second, ...rest] = terms;
  if (!first || terms.length > mostTerms || !terms.every(isFloat) || !terms.every(({ shape }) => sizeOf(shape) === sizeOf(first.shape)))
    return undefined;
  const start: Step = second ? { code: op.ADD, args: [first, second] } : { code: op.COPY, args: [first] };
  const steps = [start, ...rest.map((term) => ({ code: op.ADD, args: [undefined, term] }))];
  return { shape: first.shape, dtype: "float32", steps };
};

const cast: Rule = ({ x }, { dtype }) => {
  if (!x || x.dtype === dtype) return undefined;
  if (dtype === "float32") return { shape: x.shape, dtype, steps: [{ code: op.COPY, args: [x] }] };
  if (dtype === "int32") return { shape: x.shape, dtype, steps: [{ code: op.TRUNC, args: [x] }] };
  if (dtype === "bool") return { shape: x.shape, dtype, steps: [{ code: op.NOT_EQUAL, args: [x, 0] }] };
  return undefined;
};

/** The elementwise kernels by tfjs's names. */
export const elementwiseKernels: Readonly<Record<string, Rule>> = {
  Neg: unary(op.NEG),
  Abs: unary(op.ABS),
  Square: unary(op.SQUARE),
  Sqrt: unary(op.SQRT),
  Rsqrt: unary(op.RSQRT),
  Reciprocal: unary(op.RECIPROCAL),
  Exp: unary(op.EXP),
  Expm1: unary(op.EXPM1),
  Log: unary(op.LOG),
  Log1p: unary(op.LOG1P),
  Tanh: unary(op.TANH),
  Sigmoid: unary(op.SIGMOID),
  Softplus: unary(op.SOFTPLUS),
  Erf: unary(op.ERF),
  Relu: unary(op.RELU),
  Relu6: unary(op.RELU6),
  Elu: unary(op.ELU),
  Selu: unary(op.SELU),
  Sign: unary(op.SIGN),
  Floor: unary(op.FLOOR),
  Ceil: unary(op.CEIL),
  Round: unary(op.ROUND),
  Sin: unary(op.SIN),
  Cos: unary(op.COS),
  IsNan: unary(op.IS_NAN, "bool"),
  IsFinite: unary(op.IS_FINITE, "bool"),
  IsInf: unary(op.IS_INF, "bool"),
  Add: binary(op.ADD),
  Sub: binary(op.SUB),
  Multiply: binary(op.MUL),
  RealDiv: binary(op.DIV),
  Maximum: binary(op.MAXIMUM),
  Minimum: binary(op.MINIMUM),
  SquaredDifference: binary(op.SQUARED_DIFFERENCE),
  Pow: binary(op.POW),
  Prelu: binary(op.PRELU, isFloat, "float32", ["x", "alpha"]),
  EluGrad: binary(op.ELU_GRAD, isFloat, "float32", ["dy", "y"]),
  Equal: comparison(op.EQUAL),
  NotEqual: comparison(op.NOT_EQUAL),
  Greater: comparison(op.GREATER),
  GreaterEqual: comparison(op.GREATER_EQUAL),
  Less: comparison(op.LESS),
  LessEqual: comparison(op.LESS_EQUAL),
  LogicalAnd: comparison(op.LOGICAL_AND),
  LogicalOr: comparison(op.LOGICAL_OR),
  LogicalXor: comparison(op.LOGICAL_XOR),
  LogicalNot: logicalNot,
  LeakyRelu: withNumbers(op.PRELU, "alpha"),
  Step: withNumbers(op.STEP, "alpha"),
  ClipByValue: withNumbers(op.CLIP, "clipValueMin", "clipValueMax"),
  Select: select,
  AddN: addN,
  Cast: cast,
};
