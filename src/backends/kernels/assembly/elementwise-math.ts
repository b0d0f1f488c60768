import { madd } from "./simd";

/** Functions of four numbers at once, with a relative error of some 10⁻⁷; ±∞ and NaN go the way that IEEE 754 says. */

@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** 2ⁿ for whole numbers from −126 to 127. */
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** Adding it rounds a small number to a whole one, which is then in the lowest bits. */
@inline
const ROUNDER: f32 = 12582912;

/** x = n·ln 2 + r. */
@inline
function remainder(x: v128, n: v128): v128 {
  return madd(n, splat(2.12194440e-4), madd(n, splat(-0.693359375), x));
}

/** (eʳ − 1 − r)/r² for |r| ≤ ½·ln 2 (Cephes expf). */
@inline
function exponentialTail(r: v128): v128 {
  let p = madd(splat(1.9875691500e-4), r, splat(1.3981999507e-3));
  p = madd(p, r, splat(8.3334519073e-3));
  p = madd(p, r, splat(4.1665795894e-2));
  p = madd(p, r, splat(1.6666665459e-1));
  return madd(p, r, splat(5.0000001201e-1));
}

@inline
export function exp(x: v128): v128 {
  // pmin and pmax with the constant second leave NaN as it is.
  const c = f32x4.pmax(f32x4.pmin(x, splat(89)), splat(-104));
  const t = madd(c, splat(1.44269504088896341), splat(ROUNDER));
  const r = remainder(c, f32x4.sub(t, splat(ROUNDER)));
  const p = madd(exponentialTail(r), f32x4.mul(r, r), f32x4.add(r, splat(1)));
  // In two halves, for n reaches from −150 to 128.
  const n = i32x4.sub(t, i32x4.splat(0x4b400000));
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

/** eˣ − 1 = 2·(2ⁿ⁻¹·(eʳ − 1) + (2ⁿ⁻¹ − ½)): exact near 0. */
@inline
export function expm1(x: v128): v128 {
  const c = f32x4.pmax(f32x4.pmin(x, splat(89)), splat(-40));
  const t = madd(c, splat(1.44269504088896341), splat(ROUNDER));
  const r = remainder(c, f32x4.sub(t, splat(ROUNDER)));
  const less = madd(exponentialTail(r), f32x4.mul(r, r), r);
  const scale = powerOfTwo(i32x4.sub(t, i32x4.splat(0x4b400001)));
  const half = madd(scale, less, f32x4.sub(scale, splat(0.5)));
  return f32x4.add(half, half);
}

/** Natural logarithm (Cephes logf): x = m·2ᵉ with m in [√½, √2). */
@inline
export function log(x: v128): v128 {
  // Denormal numbers are made normal first.
  const small = f32x4.lt(x, splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, splat(8388608)), x, small);
  // Subtracting √½'s bits puts the exponent's step at √½.
  const bits = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  const e = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23)), v128.and(small, splat(-23)));
  const m = f32x4.sub(i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3)), splat(1));
  const z = f32x4.mul(m, m);
  let p = madd(splat(7.0376836292e-2), m, splat(-1.1514610310e-1));
  p = madd(p, m, splat(1.1676998740e-1));
  p = madd(p, m, splat(-1.2420140846e-1));
  p = madd(p, m, splat(1.4249322787e-1));
  p = madd(p, m, splat(-1.6668057665e-1));
  p = madd(p, m, splat(2.0000714765e-1));
  p = madd(p, m, splat(-2.4999993993e-1));
  p = madd(p, m, splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = madd(e, splat(-2.12194440e-4), y);
  y = madd(z, splat(-0.5), y);
  y = madd(e, splat(0.693359375), f32x4.add(m, y));
  // +∞ and NaN give themselves, 0 gives −∞, negative numbers NaN.
  y = v128.bitselect(y, x, f32x4.lt(x, splat(f32.POSITIVE_INFINITY)));
  y = v128.bitselect(splat(f32.NEGATIVE_INFINITY), y, f32x4.eq(x, splat(0)));
  return v128.or(y, f32x4.lt(x, splat(0)));
}

/** log u + (x − (u − 1))/u with u = 1 + x: the second term is what rounding u lost. */
@inline
export function log1p(x: v128): v128 {
  const u = f32x4.add(x, splat(1));
  const lost = f32x4.div(f32x4.sub(x, f32x4.sub(u, splat(1))), u);
  const finite = f32x4.lt(f32x4.abs(f32x4.sub(u, splat(f32.EPSILON))), splat(f32.POSITIVE_INFINITY));
  const correct = v128.and(finite, f32x4.ne(u, splat(0)));
  return f32x4.add(log(u), v128.and(lost, correct));
}

/** Odd polynomial over even polynomial (Eigen's coefficients). */
@inline
export function tanh(x: v128): v128 {
  const c = f32x4.pmax(f32x4.pmin(x, splat(7.90531110763549805)), splat(-7.90531110763549805));
  const z = f32x4.mul(c, c);
  let p = madd(splat(-2.76076847742355e-16), z, splat(2.00018790482477e-13));
  p = madd(p, z, splat(-8.60467152213735e-11));
  p = madd(p, z, splat(5.12229709037114e-8));
  p = madd(p, z, splat(1.48572235717979e-5));
  p = madd(p, z, splat(6.37261928875436e-4));
  p = f32x4.mul(c, madd(p, z, splat(4.89352455891786e-3)));
  let q = madd(splat(1.19825839466702e-6), z, splat(1.18534705686654e-4));
  q = madd(q, z, splat(2.268434632439e-3));
  q = madd(q, z, splat(4.89352518554385e-3));
  return v128.bitselect(x, f32x4.div(p, q), f32x4.lt(f32x4.abs(x), splat(0.0004)));
}

@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(splat(1), f32x4.add(splat(1), exp(f32x4.neg(x))));
}

/** log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|). */
@inline
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, splat(0)), log1p(exp(f32x4.neg(f32x4.abs(x)))));
}

/** Odd polynomial over even polynomial (Eigen's coefficients). */
@inline
export function erf(x: v128): v128 {
  const c = f32x4.pmax(f32x4.pmin(x, splat(4)), splat(-4));
  const z = f32x4.mul(c, c);
  let p = madd(splat(-2.72614225801306e-10), z, splat(2.77068142495902e-8));
  p = madd(p, z, splat(-2.10102402082508e-6));
  p = madd(p, z, splat(-5.69250639462346e-5));
  p = madd(p, z, splat(-7.34990630326855e-4));
  p = madd(p, z, splat(-2.95459980854025e-3));
  p = f32x4.mul(c, madd(p, z, splat(-1.60960333262415e-2)));
  let q = madd(splat(-1.45660718464996e-5), z, splat(-2.13374055278905e-4));
  q = madd(q, z, splat(-1.68282697438203e-3));
  q = madd(q, z, splat(-7.37332916720468e-3));
  q = madd(q, z, splat(-1.42647390514189e-2));
  return f32x4.div(p, q);
}

/** Two of x as x − j·π/2 in double precision, where j is the whole number nearest to x·2/π. */
@inline
function reduceAngle(x: v128, j: v128): v128 {
  const high = f64x2.sub(x, f64x2.mul(j, f64x2.splat(1.57079632673412561417)));
  return f64x2.sub(high, f64x2.mul(j, f64x2.splat(6.07710050650619224932e-11)));
}

@inline
function quadrants(j: v128): v128 {
  const turns = f64x2.mul(f64x2.floor(f64x2.mul(j, f64x2.splat(0.25))), f64x2.splat(4));
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(j, turns));
}

/** sin(x + quarter·π/2). Exact to float32's last digits up to |x| of about 10⁸. */
@inline
export function sine(x: v128, quarter: i32): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  const jLow = f64x2.nearest(f64x2.mul(low, f64x2.splat(0.63661977236758134308)));
  const jHigh = f64x2.nearest(f64x2.mul(high, f64x2.splat(0.63661977236758134308)));
  const rLow = f32x4.demote_f64x2_zero(reduceAngle(low, jLow));
  const rHigh = f32x4.demote_f64x2_zero(reduceAngle(high, jHigh));
  const angle = i8x16.shuffle(rLow, rHigh, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  // Beyond double precision's reach the angle is arbitrary, yet must be one.
  const r = f32x4.pmax(f32x4.pmin(angle, splat(0.7853982)), splat(-0.7853982));
  const turn = i8x16.shuffle(quadrants(jLow), quadrants(jHigh), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  const k = i32x4.add(turn, i32x4.splat(quarter));
  const z = f32x4.mul(r, r);
  let s = madd(splat(-1.9515295891e-4), z, splat(8.3321608736e-3));
  s = madd(s, z, splat(-1.6666654611e-1));
  s = madd(f32x4.mul(s, z), r, r);
  let c = madd(splat(2.443315711809948e-5), z, splat(-1.388731625493765e-3));
  c = madd(c, z, splat(4.166664568298827e-2));
  c = madd(f32x4.mul(c, z), z, madd(z, splat(-0.5), splat(1)));
  const odd = i32x4.eq(v128.and(k, i32x4.splat(1)), i32x4.splat(1));
  return v128.xor(v128.bitselect(c, s, odd), i32x4.shl(v128.and(k, i32x4.splat(2)), 30));
}
