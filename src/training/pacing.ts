/** When things are due, in milliseconds; what costs much comes seldom: it may take this share of the time. */
export interface Rhythm {
  /** Least time between two. */
  readonly every: number;
  /** Largest share of the whole time that it may take. */
  readonly share: number;
}

/** Decides by the clock when something that takes time itself is due again. */
export interface Pacer {
  due(): boolean;
  /** Runs it and takes its time. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createPacer({ every, share }: Rhythm, now: () => number): Pacer {
  let next = Number.NEGATIVE_INFINITY;
  return {
    due: () => now() >= next,
    async run(work) {
      const begun = now();
      try {
        return await work();
      } finally {
        const ended = now();
        next = Math.max(begun + every, ended + (ended - begun) * (1 / share - 1));
      }
    },
  };
}

/** Steps per second over the last few seconds. */
export interface Speedometer {
  add(step: number): void;
  /** Forgets what it saw: after a pause. */
  reset(): void;
  stepsPerSecond(): number;
}

export function createSpeedometer(now: () => number, window = 4000): Speedometer {
  let seen: { readonly at: number; readonly step: number }[] = [];
  return {
    add(step) {
      const at = now();
      seen = [...seen.filter((point) => at - point.at <= window), { at, step }];
    },
    reset() {
      seen = [];
    },
    stepsPerSecond() {
      const first = seen[0];
      const last = seen.at(-1);
      return first && last && last.at > first.at ? ((last.step - first.step) * 1000) / (last.at - first.at) : 0;
    },
  };
}

/** Lets messages and timers have their turn. A channel, where there is one: timers may be held back by 4 ms each. */
export function breathe(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
