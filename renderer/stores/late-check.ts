import type { NetloomDocument } from "../../src/document/schema.ts";
import type { Checked } from "../../src/graph/types.ts";
import { type Defer, sameToChecker } from "./checking.ts";

/** A check that no edit waits for, in steps that need not share a frame: checking, looking at the open graph, telling everybody. */
export interface LateCheck {
  /** There is something to check, soon; what is asked for meanwhile is checked along or right after. */
  ask(): void;
  /** What has been found of this document but not been told yet. */
  found(document: NetloomDocument): Checked | undefined;
  /** What has been found is of no use any more. */
  forget(): void;
}

export interface LateCheckOptions {
  readonly defer: Defer;
  check(document: NetloomDocument): Checked;
  /** Milliseconds that the last check took. */
  cost(): number;
  now(): { readonly document: NetloomDocument; readonly stale: boolean };
  /** Makes ready what is shown of a check. */
  look(checked: Checked): void;
  /** `stale`: the document has changed since it was checked. */
  tell(checked: Checked, stale: boolean): void;
}

export function createLateCheck({ defer, check, cost, now, look, tell }: LateCheckOptions): LateCheck {
  let asked = false;
  let found: { readonly document: NetloomDocument; readonly checked: Checked } | undefined;

  const steps = [
    () => {
      const { document, stale } = now();
      if (stale) found = { document, checked: check(document) };
    },
    () => {
      if (found) look(found.checked);
    },
    () => {
      asked = false;
      if (found && now().stale) tell(found.checked, !sameToChecker(found.document, now().document));
      found = undefined;
      if (now().stale) ask();
    },
  ];
  const ask = () => {
    if (asked) return;
    asked = true;
    defer(steps, cost());
  };

  return {
    ask,
    found: (document) => (found && sameToChecker(found.document, document) ? found.checked : undefined),
    forget: () => {
      found = undefined;
    },
  };
}
