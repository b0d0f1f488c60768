/**
 * A ring of batches in memory that two threads share: one fills it ahead of time, the other trains on it. Neither sends the other
 * a message and the reader never waits: a batch that is not there yet it gathers itself, with the same numbers.
 *
 * Each slot has a state: the step whose batch it holds, or one of `states`. A thread owns a slot between its compare-and-exchange
 * from what it saw to `writing` or `reading`, and its store of what comes after.
 */
export interface RingMemory {
  /** Int32 words: `words`, then one state a slot. */
  readonly control: SharedArrayBuffer;
  /** One after the other, `slotBytes` each. */
  readonly slots: SharedArrayBuffer;
  readonly slotBytes: number;
}

const words = { signal: 0, wanted: 1, closed: 2, slots: 3 } as const;
const states = { empty: -1, writing: -2, reading: -3 } as const;
/** States are 32-bit: steps beyond are not kept in a ring. */
const lastStep = 2 ** 31 - 2;

export function createRing(slots: number, slotBytes: number): RingMemory {
  const control = new SharedArrayBuffer((words.slots + slots) * Int32Array.BYTES_PER_ELEMENT);
  new Int32Array(control).fill(states.empty, words.slots);
  return { control, slots: new SharedArrayBuffer(slots * slotBytes), slotBytes };
}

/** The reader's end. */
export interface RingReader {
  /**
   * The slot with the batch of a step, the reader's own until it takes another; undefined if it is not there. Either way the
   * steps after this one are what is filled next, wherever it lies: what was filled for other steps is dropped.
   */
  take(step: number): number | undefined;
  /** Lets the writer end. */
  close(): void;
}

export function readRing({ control: shared }: RingMemory): RingReader {
  const control = new Int32Array(shared);
  const slots = control.length - words.slots;
  let held: { readonly step: number; readonly slot: number } | undefined;
  const wake = () => {
    Atomics.add(control, words.signal, 1);
    Atomics.notify(control, words.signal);
  };
  return {
    take(step) {
      if (held?.step === step) return held.slot;
      if (held) Atomics.store(control, words.slots + held.slot, states.empty);
      held = undefined;
      if (step > lastStep) return undefined;
      const slot = step % slots;
      const there = Atomics.compareExchange(control, words.slots + slot, step, states.reading) === step;
      if (there) held = { step, slot };
      Atomics.store(control, words.wanted, step + 1);
      wake();
      return there ? slot : undefined;
    },
    close() {
      Atomics.store(control, words.closed, 1);
      wake();
    },
  };
}

/**
 * The writer's end: fills slots with the batches of the steps that come next until the ring is closed. It blocks its thread.
 * @param write puts the batch of a step at that byte of `slots`
 * @param steps batches there are
 */
export function fillRing({ control: shared, slotBytes }: RingMemory, steps: number, write: (step: number, offset: number) => void): void {
  const control = new Int32Array(shared);
  const slots = control.length - words.slots;
  const last = Math.min(steps - 1, lastStep);
  /** The next step whose batch is wanted and not there, its slot now the writer's. */
  const claim = (): number | undefined => {
    const wanted = Atomics.load(control, words.wanted);
    for (let step = wanted; step < wanted + slots && step <= last; step++) {
      const word = words.slots + (step % slots);
      const state = Atomics.load(control, word);
      if (state === step || state === states.reading) continue;
      if (Atomics.compareExchange(control, word, state, states.writing) === state) return step;
    }
    return undefined;
  };
  while (true) {
    const signal = Atomics.load(control, words.signal);
    if (Atomics.load(control, words.closed) === 1) return;
    const step = claim();
    if (step === undefined) {
      Atomics.wait(control, words.signal, signal);
      continue;
    }
    const slot = step % slots;
    write(step, slot * slotBytes);
    Atomics.store(control, words.slots + slot, step);
  }
}
