import type { Rng } from "../tensor/random.ts";

/** How the next token is chosen from what the network says (UDL 12.7.2). */
export interface Choosing {
  /** Logits are divided by it: below 1 the likely gets likelier, above 1 all get more alike. 0 takes the most probable token always. */
  readonly temperature: number;
  /** Only so many of the most probable tokens; 0: all. */
  readonly topK: number;
  /** Only the most probable tokens that together reach this probability (the nucleus); 1: all. */
  readonly topP: number;
}

/** softmax(logits / temperature); a temperature above 0. */
export function softmax(logits: Float32Array, temperature = 1): Float64Array {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const powers = Float64Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The most probable tokens in order, `count` at most; of equal ones the lower number first. */
export function mostProbable(probabilities: Float64Array, count: number): number[] {
  const before = (a: number, b: number): boolean => {
    const [left, right] = [probabilities[a] as number, probabilities[b] as number];
    return left > right || (left === right && a < b);
  };
  const room = Math.min(count, probabilities.length);
  if (room <= 0) return [];
  // A heap with the least probable of the kept ones on top: the vocabulary is read once, and few of its tokens enter.
  const kept: number[] = [];
  for (let token = 0; token < probabilities.length; token++) {
    if (kept.length < room) {
      kept.push(token);
      if (kept.length === room) for (let at = (room >> 1) - 1; at >= 0; at--) sink(kept, at, before);
    } else if (before(token, kept[0] as number)) {
      kept[0] = token;
      sink(kept, 0, before);
    }
  }
  return kept.sort((a, b) => (before(a, b) ? -1 : 1));
}

/** Moves what stands at a place of a heap down until nothing below it goes after it. */
function sink(heap: number[], from: number, before: (a: number, b: number) => boolean): void {
  const moved = heap[from] as number;
  let at = from;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && before(heap[below] as number, heap[below + 1] as number)) below++;
    if (!before(moved, heap[below] as number)) break;
    heap[at] = heap[below] as number;
    at = below;
  }
  heap[at] = moved;
}

/**
 * The distribution from which the next token is drawn: temperature first, then the best k, then the nucleus of what remains; what is
 * left sums to 1.
 */
export function distribution(logits: Float32Array, { temperature, topK, topP }: Choosing): Float64Array {
  const allowed = new Float64Array(logits.length);
  if (temperature === 0) {
    const [best = 0] = mostProbable(softmax(logits), 1);
    allowed[best] = 1;
    return allowed;
  }
  const probabilities = softmax(logits, temperature);
  if (topK === 0 && topP >= 1) return probabilities;
  const best = mostProbable(probabilities, topK === 0 ? probabilities.length : topK);
  const mass = best.reduce((sum, token) => sum + (probabilities[token] as number), 0);
  let reached = 0;
  for (const token of best) {
    // The most probable one stays even where nothing is to be reached.
    if (reached > 0 && reached >= topP * mass) break;
    const probability = probabilities[token] as number;
    allowed[token] = probability;
    reached += probability;
  }
  return allowed.map((probability) => probability / reached);
}

/** Draws a token; rounding never draws one of probability 0. */
export function draw(probabilities: Float64Array, rng: Rng): number {
  let left = rng.uniform();
  let last = 0;
  for (let token = 0; token < probabilities.length; token++) {
    const probability = probabilities[token] as number;
    if (probability === 0) continue;
    last = token;
    left -= probability;
    if (left < 0) return token;
  }
  return last;
}
