/** A heap: what comes first is taken first. Equal ones must not exist, so that the order is always the same. */
export interface Heap<T> {
  push(value: T): void;
  /** The first of all, taken out; undefined if it is empty. */
  pop(): T | undefined;
}

/** @param before true if the first comes before the second */
export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const values: T[] = [];
  const swap = (a: number, b: number) => {
    const held = values[a] as T;
    values[a] = values[b] as T;
    values[b] = held;
  };
  const first = (a: number, b: number) => before(values[a] as T, values[b] as T);
  return {
    push(value) {
      values.push(value);
      for (let at = values.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!first(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop() {
      if (values.length === 0) return undefined;
      swap(0, values.length - 1);
      const taken = values.pop();
      for (let at = 0; ; ) {
        let least = at;
        for (const child of [2 * at + 1, 2 * at + 2]) if (child < values.length && first(child, least)) least = child;
        if (least === at) return taken;
        swap(at, least);
        at = least;
      }
    },
  };
}
