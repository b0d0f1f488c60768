/**
 * Undo and redo as a value: snapshots of an immutable document, each with the label of the edit that led away from it.
 * Snapshots share all that did not change, so a step costs a few objects.
 */

export interface Step<S> {
  /** What the edit did, in words: "Delete 2 nodes". */
  readonly label: string;
  /** The state to go back (or forward) to. */
  readonly state: S;
  /** Edits with the same key that follow one another are one step. */
  readonly merge?: string;
}

export interface History<S> {
  readonly past: readonly Step<S>[];
  readonly future: readonly Step<S>[];
}

/** Steps kept; the oldest go first. */
const depth = 1000;

export const emptyHistory: History<never> = { past: [], future: [] };

/** Notes that `label` leads away from `before`. What had been undone is gone. */
export function record<S>(history: History<S>, label: string, before: S, merge?: string): History<S> {
  const last = history.past.at(-1);
  if (merge !== undefined && last?.merge === merge && history.future.length === 0)
    return { past: [...history.past.slice(0, -1), { ...last, label }], future: [] };
  const step: Step<S> = merge === undefined ? { label, state: before } : { label, state: before, merge };
  return { past: [...history.past.slice(-depth + 1), step], future: [] };
}

/** The state before the last step, and the history after going there; undefined if there is none. */
export function undo<S>(history: History<S>, now: S): { readonly state: S; readonly history: History<S> } | undefined {
  const step = history.past.at(-1);
  if (!step) return undefined;
  return {
    state: step.state,
    history: { past: history.past.slice(0, -1), future: [...history.future, { label: step.label, state: now }] },
  };
}

/** The state after the step that was undone last; undefined if there is none. */
export function redo<S>(history: History<S>, now: S): { readonly state: S; readonly history: History<S> } | undefined {
  const step = history.future.at(-1);
  if (!step) return undefined;
  return {
    state: step.state,
    history: { past: [...history.past, { label: step.label, state: now }], future: history.future.slice(0, -1) },
  };
}
