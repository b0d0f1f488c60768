import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGradual } from "../../renderer/canvas/gradual.ts";

/** Frames and a clock that a test turns by hand; drawing a member costs one millisecond. */
function stage(budget: number, handful = 2) {
  let time = 0;
  let frames: (() => void)[] = [];
  const drawn: string[] = [];
  const gradual = createGradual({
    budget,
    handful,
    draw(change) {
      const before = gradual.all();
      change();
      const came = [...gradual.all()].filter((key) => !before.has(key));
      drawn.push(came.join(""));
      time += came.length + [...before].filter((key) => !gradual.has(key)).length;
    },
    frame(run) {
      frames.push(run);
      return () => {
        frames = frames.filter((other) => other !== run);
      };
    },
    now: () => time,
  });
  const frame = () => {
    const now = frames;
    frames = [];
    for (const run of now) run();
    return now.length;
  };
  const settle = () => {
    for (let i = 0; i < 1000 && frame() > 0; i++);
  };
  return { gradual, drawn, frame, settle, waiting: () => frames.length };
}

describe("a set that comes gradually", () => {
  test("nothing changes before the next frame", () => {
    const { gradual } = stage(4);
    gradual.want(["a"]);
    expect(gradual.has("a")).toBe(false);
    expect(gradual.busy()).toBe(true);
  });

  test("no frame draws more than its time allows, and a handful in any case", () => {
    const { gradual, frame } = stage(3, 2);
    gradual.want([..."abcdefgh"]);
    frame();
    expect(gradual.all().size).toBe(4);
    const slow = stage(0, 2);
    slow.gradual.want([..."abcdefgh"]);
    slow.frame();
    expect(slow.gradual.all().size).toBe(2);
  });

  test("what matters most comes first, what is no longer wanted goes last", () => {
    const { gradual, drawn, settle, frame } = stage(0, 1);
    gradual.want(["a", "b"]);
    settle();
    drawn.length = 0;
    gradual.want(["c", "d"]);
    frame();
    expect([...gradual.all()].sort()).toEqual(["a", "b", "c"]);
    settle();
    expect(drawn.filter((came) => came !== "")).toEqual(["c", "d"]);
  });

  test("whoever listens to a member hears of it alone", () => {
    const { gradual, settle } = stage(4);
    const heard: string[] = [];
    gradual.listen(() => heard.push("a"), "a");
    const stop = gradual.listen(() => heard.push("b"), "b");
    gradual.want(["a"]);
    settle();
    stop();
    gradual.want(["b"]);
    settle();
    expect(heard).toEqual(["a", "a"]);
  });

  test("what has been disposed of draws nothing more", () => {
    const { gradual, waiting } = stage(4);
    gradual.want(["a"]);
    gradual.dispose();
    expect(waiting()).toBe(0);
  });

  test("at rest it is what was wanted last, whatever was wanted before", () => {
    const wishes = fc.array(fc.uniqueArray(fc.constantFrom(..."abcdefghij")), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(wishes, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 4 }), (all, budget, handful) => {
        const { gradual, frame, settle } = stage(budget, handful);
        for (const wish of all) {
          gradual.want(wish);
          frame();
        }
        settle();
        expect([...gradual.all()].sort()).toEqual([...(all.at(-1) ?? [])].sort());
        expect(gradual.busy()).toBe(false);
      }),
    );
  });
});
