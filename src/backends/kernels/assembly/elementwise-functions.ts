import { erf, exp, expm1, log, log1p, sigmoid, sine, softplus, tanh } from "./elementwise-math";

/**
 * What the micro-operations do with four numbers. A class is a name for an inlined function here, so that a loop can take it as a
 * type; none is ever made. Truth is 1 and 0.
 */

@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** 1 where a comparison held. */
@inline
function truth(mask: v128): v128 {
  return v128.and(mask, splat(1));
}

/** All bits where a number is not 0. */
@inline
function held(x: v128): v128 {
  return f32x4.ne(x, splat(0));
}

// biome-ignore-start lint: the methods are inlined and belong to types, not objects.
export class Copy { @inline of(x: v128): v128 { return x; } }
export class Neg { @inline of(x: v128): v128 { return f32x4.neg(x); } }
export class Abs { @inline of(x: v128): v128 { return f32x4.abs(x); } }
export class Square { @inline of(x: v128): v128 { return f32x4.mul(x, x); } }
export class Cube { @inline of(x: v128): v128 { return f32x4.mul(f32x4.mul(x, x), x); } }
export class Sqrt { @inline of(x: v128): v128 { return f32x4.sqrt(x); } }
export class Rsqrt { @inline of(x: v128): v128 { return f32x4.div(splat(1), f32x4.sqrt(x)); } }
/** x^½ and x^−½ as powers, where −∞ gives +∞ and 0. */
export class Root { @inline of(x: v128): v128 { return f32x4.sqrt(v128.bitselect(f32x4.abs(x), x, f32x4.eq(x, splat(f32.NEGATIVE_INFINITY)))); } }
export class InverseRoot { @inline of(x: v128): v128 { return f32x4.div(splat(1), f32x4.abs(f32x4.sqrt(v128.bitselect(f32x4.abs(x), x, f32x4.eq(x, splat(f32.NEGATIVE_INFINITY)))))); } }
export class Reciprocal { @inline of(x: v128): v128 { return f32x4.div(splat(1), x); } }
export class Exp { @inline of(x: v128): v128 { return exp(x); } }
export class Expm1 { @inline of(x: v128): v128 { return expm1(x); } }
export class Log { @inline of(x: v128): v128 { return log(x); } }
export class Log1p { @inline of(x: v128): v128 { return log1p(x); } }
export class Tanh { @inline of(x: v128): v128 { return tanh(x); } }
export class Sigmoid { @inline of(x: v128): v128 { return sigmoid(x); } }
export class Softplus { @inline of(x: v128): v128 { return softplus(x); } }
export class Erf { @inline of(x: v128): v128 { return erf(x); } }
export class Relu { @inline of(x: v128): v128 { return f32x4.pmax(x, splat(0)); } }
export class Relu6 { @inline of(x: v128): v128 { return f32x4.pmin(f32x4.pmax(x, splat(0)), splat(6)); } }
export class Elu { @inline of(x: v128): v128 { return v128.bitselect(expm1(x), x, f32x4.lt(x, splat(0))); } }
export class Selu {
  @inline of(x: v128): v128 {
    return v128.bitselect(f32x4.mul(expm1(x), splat(1.7580993408473768)), f32x4.mul(x, splat(1.0507009873554805)), f32x4.lt(x, splat(0)));
  }
}
export class Sign { @inline of(x: v128): v128 { return v128.or(truth(f32x4.gt(x, splat(0))), v128.and(f32x4.lt(x, splat(0)), splat(-1))); } }
export class Floor { @inline of(x: v128): v128 { return f32x4.floor(x); } }
export class Ceil { @inline of(x: v128): v128 { return f32x4.ceil(x); } }
export class Round { @inline of(x: v128): v128 { return f32x4.nearest(x); } }
export class Trunc { @inline of(x: v128): v128 { return f32x4.trunc(x); } }
export class Sin { @inline of(x: v128): v128 { return sine(x, 0); } }
export class Cos { @inline of(x: v128): v128 { return sine(x, 1); } }
export class LogicalNot { @inline of(x: v128): v128 { return truth(f32x4.eq(x, splat(0))); } }
export class IsNan { @inline of(x: v128): v128 { return truth(f32x4.ne(x, x)); } }
export class IsFinite { @inline of(x: v128): v128 { return truth(f32x4.lt(f32x4.abs(x), splat(f32.POSITIVE_INFINITY))); } }
export class IsInf { @inline of(x: v128): v128 { return truth(f32x4.eq(f32x4.abs(x), splat(f32.POSITIVE_INFINITY))); } }

export class Add { @inline of(a: v128, b: v128): v128 { return f32x4.add(a, b); } }
export class Sub { @inline of(a: v128, b: v128): v128 { return f32x4.sub(a, b); } }
export class Mul { @inline of(a: v128, b: v128): v128 { return f32x4.mul(a, b); } }
export class Div { @inline of(a: v128, b: v128): v128 { return f32x4.div(a, b); } }
export class Maximum { @inline of(a: v128, b: v128): v128 { return f32x4.max(a, b); } }
export class Minimum { @inline of(a: v128, b: v128): v128 { return f32x4.min(a, b); } }
export class SquaredDifference {
  @inline of(a: v128, b: v128): v128 {
    const d = f32x4.sub(a, b);
    return f32x4.mul(d, d);
  }
}
/** x for x ≥ 0, else slope·x. */
export class Prelu { @inline of(x: v128, slope: v128): v128 { return v128.bitselect(f32x4.mul(x, slope), x, f32x4.lt(x, splat(0))); } }
/** 1 for x > 0, NaN for NaN, else the second. */
export class Step {
  @inline of(x: v128, other: v128): v128 {
    return v128.or(v128.bitselect(splat(1), other, f32x4.gt(x, splat(0))), f32x4.ne(x, x));
  }
}
/** dy for y ≥ 0, else dy·(y + 1). */
export class EluGrad {
  @inline of(dy: v128, y: v128): v128 {
    return v128.bitselect(dy, f32x4.mul(dy, f32x4.add(y, splat(1))), f32x4.ge(y, splat(0)));
  }
}
export class Equal { @inline of(a: v128, b: v128): v128 { return truth(f32x4.eq(a, b)); } }
export class NotEqual { @inline of(a: v128, b: v128): v128 { return truth(f32x4.ne(a, b)); } }
export class Greater { @inline of(a: v128, b: v128): v128 { return truth(f32x4.gt(a, b)); } }
export class GreaterEqual { @inline of(a: v128, b: v128): v128 { return truth(f32x4.ge(a, b)); } }
export class Less { @inline of(a: v128, b: v128): v128 { return truth(f32x4.lt(a, b)); } }
export class LessEqual { @inline of(a: v128, b: v128): v128 { return truth(f32x4.le(a, b)); } }
export class LogicalAnd { @inline of(a: v128, b: v128): v128 { return truth(v128.and(held(a), held(b))); } }
export class LogicalOr { @inline of(a: v128, b: v128): v128 { return truth(v128.or(held(a), held(b))); } }
export class LogicalXor { @inline of(a: v128, b: v128): v128 { return truth(v128.xor(held(a), held(b))); } }

export class Select { @inline of(c: v128, a: v128, b: v128): v128 { return v128.bitselect(a, b, held(c)); } }
/** x within [low, high]; NaN stays. */
export class Clip { @inline of(x: v128, low: v128, high: v128): v128 { return f32x4.pmin(f32x4.pmax(x, low), high); } }
// biome-ignore-end lint: as above.
