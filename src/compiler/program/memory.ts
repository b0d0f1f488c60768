/**
 * Where everything lies that a program computes: a plan made before it runs, so that a step allocates nothing.
 */

/** A stretch of memory that is needed from one operation to another, both included. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan {
  /** Offset of each lifetime, a multiple of 64. */
  readonly offsets: readonly number[];
  /** Bytes from the first offset to the end of the last stretch. */
  readonly bytes: number;
}

const align = (bytes: number): number => Math.max(64, Math.ceil(bytes / 64) * 64);

/**
 * Lays lifetimes out so that those which overlap in time do not overlap in memory: the largest first, each into the smallest
 * gap that takes it (greedy by size, Pisarchyk and Lee 2020, arXiv:2001.03288).
 */
export function planMemory(lifetimes: readonly Lifetime[]): MemoryPlan {
  const order = lifetimes.map((_, i) => i).sort((a, b) => size(b) - size(a) || a - b);
  const offsets: number[] = new Array(lifetimes.length).fill(0);
  const placed: { readonly first: number; readonly last: number; readonly from: number; readonly to: number }[] = [];
  let bytes = 0;
  function size(i: number): number {
    return align((lifetimes[i] as Lifetime).bytes);
  }
  for (const i of order) {
    const { first, last } = lifetimes[i] as Lifetime;
    const offset = bestGap(
      placed.filter((one) => one.first <= last && first <= one.last),
      size(i),
    );
    offsets[i] = offset;
    const to = offset + size(i);
    bytes = Math.max(bytes, to);
    // Kept in order of address, so that gaps are found in one pass.
    const at = placed.findIndex((one) => one.from > offset);
    placed.splice(at === -1 ? placed.length : at, 0, { first, last, from: offset, to });
  }
  return { offsets, bytes };
}

/** @param taken in order of address */
function bestGap(taken: readonly { readonly from: number; readonly to: number }[], size: number): number {
  let end = 0;
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const { from, to } of taken) {
    const gap = from - end;
    if (gap >= size && gap < least) {
      best = end;
      least = gap;
    }
    end = Math.max(end, to);
  }
  return best ?? end;
}
