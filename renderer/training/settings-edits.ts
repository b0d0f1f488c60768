import type { Constraint, NetloomDocument, Optimiser, Phase, Schedule, Training } from "../../src/document/schema.ts";

/** Changes of a document's training settings, each `(document) → document`. An absent setting means its default. */

type Change = (document: NetloomDocument) => NetloomDocument;

/** Sets fields of `training`; a field set to undefined is taken out, and falls back to its default. */
export const setTraining =
  (patch: { readonly [K in keyof Training]?: Training[K] | undefined }): Change =>
  (document) => ({ ...document, training: without({ ...document.training, ...patch }) });

export const setAbout =
  (patch: { readonly chapter?: string; readonly text?: string }): Change =>
  (document) => ({ ...document, about: without({ ...document.about, ...patch }) });

export const setName =
  (name: string): Change =>
  (document) => ({ ...document, name });

/** Changes one phase. A document without phases has its default one written down first. */
export const setPhase =
  (index: number, fallback: Phase, patch: { readonly [K in keyof Phase]?: Phase[K] | undefined }): Change =>
  (document) => {
    const phases = document.training?.phases?.length ? document.training.phases : [fallback];
    return setTraining({ phases: phases.map((phase, i) => (i === index ? without({ ...phase, ...patch }) : phase)) })(document);
  };

export const addPhase =
  (phase: Phase, before: readonly Phase[]): Change =>
  (document) =>
    setTraining({ phases: [...(document.training?.phases?.length ? document.training.phases : before), phase] })(document);

export const removePhase =
  (index: number): Change =>
  (document) => {
    const phases = (document.training?.phases ?? []).filter((_, i) => i !== index);
    return setTraining({ phases: phases.length > 0 ? phases : undefined })(document);
  };

export const movePhase =
  (index: number, by: 1 | -1): Change =>
  (document) => {
    const phases = [...(document.training?.phases ?? [])];
    const phase = phases[index];
    const other = phases[index + by];
    if (phase === undefined || other === undefined) return document;
    phases[index] = other;
    phases[index + by] = phase;
    return setTraining({ phases })(document);
  };

/**
 * A phase's bounds with one put in, changed or taken out.
 * @param at its place in the list; undefined for a new one
 * @param next undefined to take it out
 * @returns undefined if none is left
 */
export function withBound(bounds: readonly Constraint[], at: number | undefined, next: Constraint | undefined): Constraint[] | undefined {
  const kept = at === undefined ? [...bounds] : bounds.slice(0, at);
  const list = [...kept, ...(next ? [next] : []), ...(at === undefined ? [] : bounds.slice(at + 1))];
  return list.length > 0 ? list : undefined;
}

/** An optimiser of another kind, with the rate and decay of the one before where they still make sense. */
export function optimiserOfType(type: Optimiser["type"], before: Optimiser): Optimiser {
  const { rate, weightDecay } = before;
  const kept = { rate, ...(weightDecay !== undefined && { weightDecay }) };
  return { type, ...kept };
}

export function scheduleOfType(type: Schedule["type"], before: Schedule): Schedule {
  const warmup = before.warmup === undefined ? {} : { warmup: before.warmup };
  switch (type) {
    case "constant":
      return { type, ...warmup };
    case "step":
      return { type, every: 1000, factor: 0.5, ...warmup };
    case "cosine":
      return { type, ...warmup };
  }
  return type satisfies never;
}

/** The object without the fields that are undefined. */
function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
