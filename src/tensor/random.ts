/**
 * Counter-based random numbers: the n-th draw of a stream depends only on (seed, stream, n), so a run that
 * resumes from step 500 draws what it would have drawn had it never stopped, and nothing needs to be saved.
 */

/** One stream of random numbers. */
export interface Rng {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** A whole number in [0, n). */
  int(n: number): number;
  /** The numbers 0 … n−1 in random order (Fisher–Yates). */
  permutation(n: number): Int32Array;
  /** Fills the array with standard normal numbers and returns it. */
  fillNormal(out: Float32Array): Float32Array;
  /** Fills the array with uniform numbers in [0, 1) and returns it. */
  fillUniform(out: Float32Array): Float32Array;
}

/** A 32-bit hash of a text (FNV-1a), to name streams. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** Mixes two 32-bit numbers into one (murmur3's finaliser over their combination). */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The stream named by a seed and any number of keys, texts or numbers: `rng(seed, "dropout1", step)`.
 * The generator is sfc32, seeded by mixing the keys and warmed up by twelve draws.
 */
export function rng(seed: number, ...keys: (string | number)[]): Rng {
  let key = mix(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
  for (const part of keys) key = mix(key, typeof part === "string" ? hashText(part) : part >>> 0);
  let a = mix(key, 1);
  let b = mix(key, 2);
  let c = mix(key, 3);
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const uniform = () => next() / 2 ** 32;
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const int = (n: number) => Math.floor(uniform() * n);
  return {
    uniform,
    normal,
    int,
    permutation(n) {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = int(i + 1);
        const held = order[i] as number;
        order[i] = order[j] as number;
        order[j] = held;
      }
      return order;
    },
    fillNormal(out) {
      for (let i = 0; i < out.length; i++) out[i] = normal();
      return out;
    },
    fillUniform(out) {
      for (let i = 0; i < out.length; i++) out[i] = uniform();
      return out;
    },
  };
}
