import { chunksOf, shareOf } from "./chunks";

/**
 * The generator of src/tensor/random.ts, to the bit: each chunk draws the numbers of one stream. Words: keys (one for each stream),
 * number of streams; for each stream its first draw, and the number of draws in all; for each draw where it goes, how many
 * numbers, and 1 for uniform numbers or 0 for the bits that NORMAL takes.
 */
export function draw(args: usize, chunk: i32): void {
  const key = load<u32>(load<usize>(args) + (chunk << 2));
  let a = mix(key, 1);
  let b = mix(key, 2);
  let c = mix(key, 3);
  let counter: u32 = 1;
  // The generator is warmed up by twelve numbers.
  for (let i = 0; i < 12; i++) {
    const t = a + b + counter++;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<u32>(c, 21) + t;
  }
  const streams = load<i32>(args, 4);
  const table = args + 8;
  const draws = table + ((streams + 1) << 2);
  const end = load<i32>(table + (chunk << 2), 4);
  for (let i = load<i32>(table + (chunk << 2)); i < end; i++) {
    let to = load<usize>(draws + i * 12);
    const last = to + (load<u32>(draws + i * 12, 4) << 2);
    const uniform = load<i32>(draws + i * 12, 8) !== 0;
    for (; to < last; to += 4) {
      const t = a + b + counter++;
      a = b ^ (b >>> 9);
      b = c + (c << 3);
      c = rotl<u32>(c, 21) + t;
      if (uniform) store<f32>(to, <f32>(<f64>t * (1.0 / 4294967296.0)));
      else store<u32>(to, t);
    }
  }
}

/** Murmur3's finaliser over two numbers. */
function mix(a: u32, b: u32): u32 {
  let h = ((a ^ 0x9e3779b9) * 0x85ebca6b) ^ ((b + 0x7f4a7c15) * 0xc2b2ae35);
  h ^= h >>> 16;
  h *= 0x85ebca6b;
  h ^= h >>> 13;
  h *= 0xc2b2ae35;
  return h ^ (h >>> 16);
}

/** Where the bits lie, pairs. */
export function normal(args: usize, chunk: i32): void {
  const pairs = load<i32>(args, 4);
  const chunks = chunksOf(args);
  const start = load<usize>(args);
  let at = start + (shareOf(pairs, chunk, chunks) << 3);
  const end = start + (shareOf(pairs, chunk + 1, chunks) << 3);
  for (; at + 16 <= end; at += 16) v128.store(at, boxMuller(v128.load(at)));
  if (at < end) v128.store64_lane(at, boxMuller(v128.load64_zero(at)), 0);
}

/** Two pairs of bits (u, v) to √(−2 ln(1 − u)) · (cos 2πv, sin 2πv), in double precision as JavaScript has it. */
// @ts-ignore: decorator
@inline
function boxMuller(bits: v128): v128 {
  const unit = f64x2.splat(1.0 / 4294967296.0);
  const u = f64x2.mul(f64x2.convert_low_i32x4_u(i32x4.shuffle(bits, bits, 0, 2, 0, 2)), unit);
  const v = f64x2.mul(f64x2.convert_low_i32x4_u(i32x4.shuffle(bits, bits, 1, 3, 1, 3)), unit);
  const radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2), log(f64x2.sub(f64x2.splat(1), u))));
  const angle = f64x2.mul(f64x2.splat(2 * 3.141592653589793), v);

  // The angle less q quarter turns, as a sum of two doubles.
  const q = f64x2.nearest(f64x2.mul(angle, f64x2.splat(0.6366197723675814)));
  const rest = f64x2.sub(angle, f64x2.mul(q, f64x2.splat(1.57079632673412561417)));
  const tail = f64x2.mul(q, f64x2.splat(6.07710050650619224932e-11));
  const x = f64x2.sub(rest, tail);
  const y = f64x2.sub(f64x2.sub(rest, x), tail);
  const s = sine(x, y);
  const c = cosine(x, y);
  const turns = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(q));
  const swapped = i64x2.eq(v128.and(turns, i64x2.splat(1)), i64x2.splat(1));
  const sineSign = i64x2.shl(v128.and(turns, i64x2.splat(2)), 62);
  const cosineSign = i64x2.shl(v128.and(i64x2.add(turns, i64x2.splat(1)), i64x2.splat(2)), 62);
  const sines = v128.xor(v128.bitselect(c, s, swapped), sineSign);
  const cosines = v128.xor(v128.bitselect(s, c, swapped), cosineSign);
  const first = f32x4.demote_f64x2_zero(f64x2.mul(radius, cosines));
  const second = f32x4.demote_f64x2_zero(f64x2.mul(radius, sines));
  return i32x4.shuffle(first, second, 0, 4, 1, 5);
}

/** Natural logarithm of positive normal numbers (fdlibm's e_log.c). */
// @ts-ignore: decorator
@inline
function log(x: v128): v128 {
  // x = 2^k · (1 + f), √½ < 1 + f < √2.
  const offset = i64x2.sub(x, i64x2.splat(0x3fe6a09e00000000));
  const k = f64x2.convert_low_i32x4_s(i32x4.shuffle(i32x4.shr_s(offset, 20), offset, 1, 3, 1, 3));
  const f = f64x2.sub(i64x2.sub(x, v128.and(offset, i64x2.splat(0xfff0000000000000))), f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const even = f64x2.mul(w, poly(w, 3.999999999940941908e-1, 2.222219843214978396e-1, 1.531383769920937332e-1));
  const odd = f64x2.mul(
    z,
    f64x2.add(
      f64x2.splat(6.66666666666673513e-1),
      f64x2.mul(w, poly(w, 2.857142874366239149e-1, 1.818357216161805012e-1, 1.479819860511658591e-1)),
    ),
  );
  const half = f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, f));
  const inner = f64x2.add(
    f64x2.mul(s, f64x2.add(half, f64x2.add(even, odd))),
    f64x2.mul(k, f64x2.splat(1.90821492927058770002e-10)),
  );
  return f64x2.sub(f64x2.mul(k, f64x2.splat(6.93147180369123816490e-1)), f64x2.sub(f64x2.sub(half, inner), f));
}

/** Sine of x + y, |x| ≤ π/4, y its tail (fdlibm's k_sin.c). */
// @ts-ignore: decorator
@inline
function sine(x: v128, y: v128): v128 {
  const z = f64x2.mul(x, x);
  const w = f64x2.mul(z, z);
  const r = f64x2.add(
    poly(z, 8.33333333332248946124e-3, -1.98412698298579493134e-4, 2.75573137070700676789e-6),
    f64x2.mul(f64x2.mul(z, w), f64x2.add(f64x2.splat(-2.50507602534068634195e-8), f64x2.mul(z, f64x2.splat(1.58969099521155010221e-10)))),
  );
  const v = f64x2.mul(z, x);
  const inner = f64x2.sub(f64x2.mul(z, f64x2.sub(f64x2.mul(f64x2.splat(0.5), y), f64x2.mul(v, r))), y);
  return f64x2.sub(x, f64x2.sub(inner, f64x2.mul(v, f64x2.splat(-1.66666666666666324348e-1))));
}

/** Cosine of x + y (fdlibm's k_cos.c). */
// @ts-ignore: decorator
@inline
function cosine(x: v128, y: v128): v128 {
  const z = f64x2.mul(x, x);
  const w = f64x2.mul(z, z);
  const r = f64x2.add(
    f64x2.mul(z, poly(z, 4.16666666666666019037e-2, -1.38888888888741095749e-3, 2.48015872894767294178e-5)),
    f64x2.mul(f64x2.mul(w, w), poly(z, -2.75573143513906633035e-7, 2.08757232129817482790e-9, -1.13596475577881948265e-11)),
  );
  const half = f64x2.mul(f64x2.splat(0.5), z);
  const rest = f64x2.sub(f64x2.splat(1), half);
  const lost = f64x2.sub(f64x2.sub(f64x2.splat(1), rest), half);
  return f64x2.add(rest, f64x2.add(lost, f64x2.sub(f64x2.mul(z, r), f64x2.mul(x, y))));
}

/** a + x (b + x c). */
// @ts-ignore: decorator
@inline
function poly(x: v128, a: f64, b: f64, c: f64): v128 {
  return f64x2.add(f64x2.splat(a), f64x2.mul(x, f64x2.add(f64x2.splat(b), f64x2.mul(x, f64x2.splat(c)))));
}
