import * as f from "./elementwise-functions";
import * as op from "./elementwise-opcodes";

/**
 * One micro-operation on a block: `to` up to `end` is written, 64 bytes at a time. `a`, `b`, `c` move on by their steps: 64 bytes,
 * or 0 for a number that stands sixteen times in a row.
 */
export function micro(code: i32, to: usize, end: usize, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize): void {
  if (code < 64) one(code, to, end, a, aStep);
  else if (code < 128) two(code, to, end, a, aStep, b, bStep);
  else three(code, to, end, a, aStep, b, bStep, c, cStep);
}

function map1<F>(to: usize, end: usize, a: usize, aStep: usize): void {
  const f = changetype<F>(0);
  while (to < end) {
    v128.store(to, f.of(v128.load(a)));
    v128.store(to, f.of(v128.load(a, 16)), 16);
    v128.store(to, f.of(v128.load(a, 32)), 32);
    v128.store(to, f.of(v128.load(a, 48)), 48);
    to += 64;
    a += aStep;
  }
}

/** The same for long functions: the processor overlaps them without help. */
function map1Long<F>(to: usize, end: usize, a: usize, aStep: usize): void {
  const f = changetype<F>(0);
  const step = aStep >> 2;
  while (to < end) {
    v128.store(to, f.of(v128.load(a)));
    to += 16;
    a += step;
  }
}

function map2<F>(to: usize, end: usize, a: usize, aStep: usize, b: usize, bStep: usize): void {
  const f = changetype<F>(0);
  while (to < end) {
    v128.store(to, f.of(v128.load(a), v128.load(b)));
    v128.store(to, f.of(v128.load(a, 16), v128.load(b, 16)), 16);
    v128.store(to, f.of(v128.load(a, 32), v128.load(b, 32)), 32);
    v128.store(to, f.of(v128.load(a, 48), v128.load(b, 48)), 48);
    to += 64;
    a += aStep;
    b += bStep;
  }
}

function map3<F>(to: usize, end: usize, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize): void {
  const f = changetype<F>(0);
  while (to < end) {
    v128.store(to, f.of(v128.load(a), v128.load(b), v128.load(c)));
    v128.store(to, f.of(v128.load(a, 16), v128.load(b, 16), v128.load(c, 16)), 16);
    v128.store(to, f.of(v128.load(a, 32), v128.load(b, 32), v128.load(c, 32)), 32);
    v128.store(to, f.of(v128.load(a, 48), v128.load(b, 48), v128.load(c, 48)), 48);
    to += 64;
    a += aStep;
    b += bStep;
    c += cStep;
  }
}

function one(code: i32, to: usize, end: usize, a: usize, aStep: usize): void {
  switch (code) {
    case op.COPY: return map1<f.Copy>(to, end, a, aStep);
    case op.NEG: return map1<f.Neg>(to, end, a, aStep);
    case op.ABS: return map1<f.Abs>(to, end, a, aStep);
    case op.SQUARE: return map1<f.Square>(to, end, a, aStep);
    case op.SQRT: return map1<f.Sqrt>(to, end, a, aStep);
    case op.RSQRT: return map1<f.Rsqrt>(to, end, a, aStep);
    case op.RECIPROCAL: return map1<f.Reciprocal>(to, end, a, aStep);
    case op.EXP: return map1Long<f.Exp>(to, end, a, aStep);
    case op.EXPM1: return map1Long<f.Expm1>(to, end, a, aStep);
    case op.LOG: return map1Long<f.Log>(to, end, a, aStep);
    case op.LOG1P: return map1Long<f.Log1p>(to, end, a, aStep);
    case op.TANH: return map1Long<f.Tanh>(to, end, a, aStep);
    case op.SIGMOID: return map1Long<f.Sigmoid>(to, end, a, aStep);
    case op.SOFTPLUS: return map1Long<f.Softplus>(to, end, a, aStep);
    case op.ERF: return map1Long<f.Erf>(to, end, a, aStep);
    case op.RELU: return map1<f.Relu>(to, end, a, aStep);
    case op.RELU6: return map1<f.Relu6>(to, end, a, aStep);
    case op.ELU: return map1Long<f.Elu>(to, end, a, aStep);
    case op.SELU: return map1Long<f.Selu>(to, end, a, aStep);
    case op.SIGN: return map1<f.Sign>(to, end, a, aStep);
    case op.FLOOR: return map1<f.Floor>(to, end, a, aStep);
    case op.CEIL: return map1<f.Ceil>(to, end, a, aStep);
    case op.ROUND: return map1<f.Round>(to, end, a, aStep);
    case op.TRUNC: return map1<f.Trunc>(to, end, a, aStep);
    case op.SIN: return map1Long<f.Sin>(to, end, a, aStep);
    case op.COS: return map1Long<f.Cos>(to, end, a, aStep);
    case op.LOGICAL_NOT: return map1<f.LogicalNot>(to, end, a, aStep);
    case op.IS_NAN: return map1<f.IsNan>(to, end, a, aStep);
    case op.IS_FINITE: return map1<f.IsFinite>(to, end, a, aStep);
    case op.IS_INF: return map1<f.IsInf>(to, end, a, aStep);
    default: unreachable();
  }
}

function two(code: i32, to: usize, end: usize, a: usize, aStep: usize, b: usize, bStep: usize): void {
  switch (code) {
    case op.ADD: return map2<f.Add>(to, end, a, aStep, b, bStep);
    case op.SUB: return map2<f.Sub>(to, end, a, aStep, b, bStep);
    case op.MUL: return map2<f.Mul>(to, end, a, aStep, b, bStep);
    case op.DIV: return map2<f.Div>(to, end, a, aStep, b, bStep);
    case op.MAXIMUM: return map2<f.Maximum>(to, end, a, aStep, b, bStep);
    case op.MINIMUM: return map2<f.Minimum>(to, end, a, aStep, b, bStep);
    case op.SQUARED_DIFFERENCE: return map2<f.SquaredDifference>(to, end, a, aStep, b, bStep);
    case op.POW: return pow(to, end, a, aStep, b, bStep);
    case op.PRELU: return map2<f.Prelu>(to, end, a, aStep, b, bStep);
    case op.STEP: return map2<f.Step>(to, end, a, aStep, b, bStep);
    case op.ELU_GRAD: return map2<f.EluGrad>(to, end, a, aStep, b, bStep);
    case op.EQUAL: return map2<f.Equal>(to, end, a, aStep, b, bStep);
    case op.NOT_EQUAL: return map2<f.NotEqual>(to, end, a, aStep, b, bStep);
    case op.GREATER: return map2<f.Greater>(to, end, a, aStep, b, bStep);
    case op.GREATER_EQUAL: return map2<f.GreaterEqual>(to, end, a, aStep, b, bStep);
    case op.LESS: return map2<f.Less>(to, end, a, aStep, b, bStep);
    case op.LESS_EQUAL: return map2<f.LessEqual>(to, end, a, aStep, b, bStep);
    case op.LOGICAL_AND: return map2<f.LogicalAnd>(to, end, a, aStep, b, bStep);
    case op.LOGICAL_OR: return map2<f.LogicalOr>(to, end, a, aStep, b, bStep);
    case op.LOGICAL_XOR: return map2<f.LogicalXor>(to, end, a, aStep, b, bStep);
    default: unreachable();
  }
}

function three(code: i32, to: usize, end: usize, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cStep: usize): void {
  switch (code) {
    case op.SELECT: return map3<f.Select>(to, end, a, aStep, b, bStep, c, cStep);
    case op.CLIP: return map3<f.Clip>(to, end, a, aStep, b, bStep, c, cStep);
    default: unreachable();
  }
}

/** aᵇ with JavaScript's rules; the usual exponents are products and roots. */
function pow(to: usize, end: usize, a: usize, aStep: usize, b: usize, bStep: usize): void {
  if (bStep == 0) {
    const exponent = load<f32>(b);
    if (exponent == 2) return map1<f.Square>(to, end, a, aStep);
    if (exponent == 1) return map1<f.Copy>(to, end, a, aStep);
    if (exponent == 3) return map1<f.Cube>(to, end, a, aStep);
    if (exponent == -1) return map1<f.Reciprocal>(to, end, a, aStep);
    if (exponent == 0.5) return map1<f.Root>(to, end, a, aStep);
    if (exponent == -0.5) return map1<f.InverseRoot>(to, end, a, aStep);
  }
  while (to < end) {
    for (let i: usize = 0; i < 64; i += 4) {
      const x = load<f32>(a + i);
      const y = load<f32>(b + i);
      store<f32>(to + i, y != y || (Mathf.abs(x) == 1 && Mathf.abs(y) == Infinity) ? NaN : Mathf.pow(x, y));
    }
    to += 64;
    a += aStep;
    b += bStep;
  }
}
