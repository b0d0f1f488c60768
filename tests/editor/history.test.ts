import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyHistory, type History, record, redo, undo } from "../../renderer/stores/history.ts";

describe("history", () => {
  test("undo goes back step by step and redo forward again", () => {
    let history: History<number> = record(emptyHistory, "one", 0);
    history = record(history, "two", 1);
    const back = undo(history, 2);
    expect(back?.state).toBe(1);
    const again = back && undo(back.history, back.state);
    expect(again?.state).toBe(0);
    expect(again && redo(again.history, again.state)?.state).toBe(1);
  });

  test("edits with the same key that follow one another are one step, by the last label", () => {
    let history: History<string> = record(emptyHistory, "Type 1", "", "field");
    history = record(history, "Type 12", "1", "field");
    history = record(history, "Move", "12");
    history = record(history, "Type 3", "12", "field");
    expect(history.past.map((step) => step.label)).toEqual(["Type 12", "Move", "Type 3"]);
    expect(history.past[0]?.state).toBe("");
  });

  test("a new edit forgets what had been undone", () => {
    const back = undo(record(emptyHistory as History<number>, "one", 0), 1);
    expect(back && record(back.history, "other", 0).future).toEqual([]);
  });

  test("after an undo the same key begins a new step", () => {
    const typed = record(record(emptyHistory as History<number>, "a", 0, "k"), "b", 1);
    const back = undo(typed, 2);
    expect(back && record(back.history, "c", 1, "k").past).toHaveLength(2);
  });

  test("any walk of undos and redos ends where as many redos as undos lead", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), fc.nat(30), (states, back) => {
        let history: History<number> = emptyHistory;
        let now = -1;
        for (const state of states) {
          history = record(history, "edit", now);
          now = state;
        }
        const steps = Math.min(back, states.length);
        const last = now;
        for (let i = 0; i < steps; i++) {
          const to = undo(history, now);
          if (!to) throw new Error("nothing to undo");
          ({ state: now, history } = to);
        }
        for (let i = 0; i < steps; i++) {
          const to = redo(history, now);
          if (!to) throw new Error("nothing to redo");
          ({ state: now, history } = to);
        }
        expect(now).toBe(last);
      }),
    );
  });
});
