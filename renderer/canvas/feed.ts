import { useCallback, useSyncExternalStore } from "react";
import type { StoreApi } from "zustand";

/**
 * A question asked of a store once for each node. The store is listened to by one for all: after a change each node's
 * answer is looked at in one go, and only those with another are told. A thousand nodes with a subscription of their
 * own would be called at every change, whatever it was about.
 */
export interface Feed<T> {
  read(id: string): T;
  /** Calls `listener` when the answer for `id` is another. Returns how to stop. */
  listen(id: string, listener: () => void): () => void;
}

/**
 * @param needs all that an answer depends on: while it stays the same nothing is asked
 * @param ask the same object for as long as the answer is the same
 * @param among the nodes whose answer can have changed, where that is known; undefined: any
 * @param send tells them, now or soon; whoever reads meanwhile is given the new answer
 */
export function createFeed<S, T>(
  store: Pick<StoreApi<S>, "getState" | "subscribe">,
  needs: (state: S) => readonly unknown[],
  ask: (state: S, id: string) => T,
  among: (state: S, before: S) => readonly string[] | undefined = () => undefined,
  send: (state: S, tell: () => void) => void = (_, tell) => tell(),
): Feed<T> {
  const entries = new Map<string, { answer: T; readonly listeners: Set<() => void> }>();
  let last = store.getState();
  store.subscribe(() => {
    // A listener before this one may have changed the store again: what counts is how it is now.
    const state = store.getState();
    const before = last;
    last = state;
    const seen = needs(before);
    if (needs(state).every((need, i) => need === seen[i])) return;
    const told: (() => void)[] = [];
    for (const id of among(state, before) ?? entries.keys()) {
      const entry = entries.get(id);
      if (!entry) continue;
      const answer = ask(state, id);
      if (answer === entry.answer) continue;
      entry.answer = answer;
      told.push(...entry.listeners);
    }
    if (told.length > 0)
      send(state, () => {
        for (const tell of told) tell();
      });
  });
  return {
    read: (id) => ask(store.getState(), id),
    listen(id, listener) {
      let entry = entries.get(id);
      if (!entry) entries.set(id, (entry = { answer: ask(store.getState(), id), listeners: new Set() }));
      const { listeners } = entry;
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && entries.get(id)?.listeners === listeners) entries.delete(id);
      };
    },
  };
}

/** A node's answer; drawn again when it is another. */
export function useFeed<T>(feed: Feed<T>, id: string): T {
  const listen = useCallback((listener: () => void) => feed.listen(id, listener), [feed, id]);
  return useSyncExternalStore(listen, () => feed.read(id));
}
