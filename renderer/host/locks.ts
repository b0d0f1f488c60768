/**
 * Which runs and autosaves belong to a window that is alive: each holds a lock of that name for as long as it lives,
 * and the browser lets go of it when the window closes or crashes.
 */
export interface Liveness {
  /** Holds a name until released, or until this window dies. */
  hold(name: string): () => void;
  /** The names that windows of this app hold now. */
  held(): Promise<ReadonlySet<string>>;
}

const prefix = "netloom:";

/** By the Web Locks API; where it is missing nothing is held, and every trace of another window looks left behind. */
export function webLocks(): Liveness {
  return {
    hold(name) {
      const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      locks?.request(prefix + name, () => released).catch(() => undefined);
      return release;
    },
    async held() {
      const query = typeof navigator === "undefined" ? undefined : await navigator.locks?.query();
      return new Set((query?.held ?? []).map((lock) => (lock.name ?? "").slice(prefix.length)));
    },
  };
}
