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

/** The number that names a stream: texts and numbers, mixed. */
function streamKey(seed: number, ...keys: (string | number)[]): number {
  let key = mix(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
  for (const part of keys) key = mix(key, typeof part === "string" ? hashText(part) : part >>> 0);
  return key;
}

/** Fills `out` with the next numbers of 32 bits of an sfc32 generator, whose state of four words moves on. */
function fillBits(state: Int32Array, out: Uint32Array): void {
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let counter = state[3] as number;
  for (let i = 0; i < out.length; i++) {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    out[i] = t;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = counter;
}

/** Draws before the first number of a stream, until its seed is well mixed. */
const warmUp = 12;

/**
 * The stream named by a seed and any number of keys, texts or numbers: `rng(seed, "dropout1", step)`.
 * The generator is sfc32, seeded by mixing the keys and warmed up by twelve draws. Whole arrays are filled many times faster
 * than number by number: first with bits, which are then changed in place.
 */
export function rng(seed: number, ...keys: (string | number)[]): Rng {
  const key = streamKey(seed, ...keys);
  const state = Int32Array.of(mix(key, 1), mix(key, 2), mix(key, 3), 1);
  fillBits(state, new Uint32Array(warmUp));
  const one = new Uint32Array(1);
  const uniform = () => {
    fillBits(state, one);
    return (one[0] as number) / 2 ** 32;
  };
  /** The second number of a pair, of which only the first was asked for. */
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
      let first = 0;
      if (spare !== undefined && out.length > 0) out[first++] = normal();
      const end = first + ((out.length - first) & ~1);
      const bits = new Uint32Array(out.buffer, out.byteOffset + first * 4, end - first);
      fillBits(state, bits);
      for (let i = 0; i < bits.length; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - (bits[i] as number) / 2 ** 32));
        const angle = 2 * Math.PI * ((bits[i + 1] as number) / 2 ** 32);
        out[first + i] = radius * Math.cos(angle);
        out[first + i + 1] = radius * Math.sin(angle);
      }
      if (end < out.length) out[end] = normal();
      return out;
    },
    fillUniform(out) {
      const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
      fillBits(state, bits);
      for (let i = 0; i < bits.length; i++) out[i] = (bits[i] as number) / 2 ** 32;
      return out;
    },
  };
}
