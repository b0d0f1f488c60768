/** Whole numbers that are added one by one: typed, and kept when emptied, so that the next list needs no new memory. */
export interface Growing {
  readonly length: number;
  at(i: number): number;
  push(value: number): void;
  /** The numbers so far; the same memory, so valid until the next `push` or `clear`. */
  values(): Int32Array;
  clear(): void;
}

export function createGrowing(capacity = 1024): Growing {
  let held = new Int32Array(capacity);
  let length = 0;
  return {
    get length() {
      return length;
    },
    at: (i) => held[i] as number,
    push(value) {
      if (length === held.length) {
        const larger = new Int32Array(2 * length);
        larger.set(held);
        held = larger;
      }
      held[length++] = value;
    },
    values: () => held.subarray(0, length),
    clear() {
      length = 0;
    },
  };
}
