/** Functions that numbers are reduced by, as types; none is ever made. NaN stays NaN. */

export class Sum {
  @inline of(a: v128, b: v128): v128 { return f32x4.add(a, b); }
  @inline one(a: f32, b: f32): f32 { return a + b; }
  @inline wide(a: f64, b: f32): f64 { return a + <f64>b; }
  @inline start(): f32 { return 0; }
}
export class Max {
  @inline of(a: v128, b: v128): v128 { return f32x4.max(a, b); }
  @inline one(a: f32, b: f32): f32 { return max<f32>(a, b); }
  @inline wide(a: f64, b: f32): f64 { return max<f64>(a, <f64>b); }
  @inline start(): f32 { return f32.NEGATIVE_INFINITY; }
}
export class Min {
  @inline of(a: v128, b: v128): v128 { return f32x4.min(a, b); }
  @inline one(a: f32, b: f32): f32 { return min<f32>(a, b); }
  @inline wide(a: f64, b: f32): f64 { return min<f64>(a, <f64>b); }
  @inline start(): f32 { return f32.POSITIVE_INFINITY; }
}
export class Prod {
  @inline of(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
  @inline one(a: f32, b: f32): f32 { return a * b; }
  @inline wide(a: f64, b: f32): f64 { return a * <f64>b; }
  @inline start(): f32 { return 1; }
}
