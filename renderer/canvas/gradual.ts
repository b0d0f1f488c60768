/**
 * A set that follows what is wanted a few members at a time, so that no frame has more to draw than it has room for:
 * which nodes of a large graph are drawn in full, which wires are alive. What comes first among the wanted comes first.
 */
export interface Gradual {
  has(key: string): boolean;
  /** The set as it is; another object after each change. */
  all(): ReadonlySet<string>;
  /** Calls `listener` when `key` comes or goes; without a key, after every change. Returns how to stop. */
  listen(listener: () => void, key?: string): () => void;
  /** What shall be in the set, the most important first. */
  want(keys: readonly string[]): void;
  /** Something is still to come or to go. */
  busy(): boolean;
  dispose(): void;
}

export interface GradualOptions {
  /** Milliseconds that one frame may spend. */
  readonly budget: number;
  /** Members that come between two looks at the clock. */
  readonly handful: number;
  /** Runs the changes of a few members, with all the drawing that follows from them. */
  readonly draw: (change: () => void) => void;
  /** Called at each next frame while there is something to do; returns how to call it off. */
  readonly frame: (run: () => void) => () => void;
  /** Milliseconds; any clock that only goes forward. */
  readonly now: () => number;
}

/** Starts empty. The caller disposes of it. */
export function createGradual({ budget, handful, draw, frame, now }: GradualOptions): Gradual {
  let members: ReadonlySet<string> = new Set();
  let coming: string[] = [];
  let going: string[] = [];
  let stop: (() => void) | undefined;
  const listeners = new Map<string | undefined, Set<() => void>>();
  const tell = (key?: string): void => {
    for (const listener of listeners.get(key) ?? []) listener();
  };

  const step = (): void => {
    stop = undefined;
    const end = now() + budget;
    do {
      const come = coming.splice(-handful);
      // What is no longer wanted costs little where it is: it goes once all that is wanted is there.
      const go = come.length === 0 ? going.splice(-handful * 4) : [];
      draw(() => change(come, go));
    } while (coming.length + going.length > 0 && now() < end);
    schedule();
  };
  const change = (come: readonly string[], go: readonly string[]): void => {
    const next = new Set(members);
    for (const key of come) next.add(key);
    for (const key of go) next.delete(key);
    members = next;
    for (const key of come) tell(key);
    for (const key of go) tell(key);
    tell();
  };
  const schedule = (): void => {
    if (coming.length + going.length > 0) stop ??= frame(step);
  };

  return {
    has: (key) => members.has(key),
    all: () => members,
    listen(listener, key) {
      const known = listeners.get(key) ?? new Set();
      listeners.set(key, known.add(listener));
      return () => {
        known.delete(listener);
        if (known.size === 0 && listeners.get(key) === known) listeners.delete(key);
      };
    },
    want(keys) {
      const wanted = new Set(keys);
      coming = keys.filter((key) => !members.has(key)).reverse();
      going = [...members].filter((key) => !wanted.has(key));
      schedule();
    },
    busy: () => coming.length + going.length > 0,
    dispose() {
      stop?.();
      stop = undefined;
      listeners.clear();
    },
  };
}
