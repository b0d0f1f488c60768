import { describe, expect, test } from "vitest";
import { arrangeCommands } from "../../renderer/commands/arrange.ts";
import { blockCommands } from "../../renderer/commands/blocks.ts";
import { canvasCommands } from "../../renderer/commands/canvas.ts";
import { editCommands } from "../../renderer/commands/edit.ts";
import { commandFor, keyCaps, matches } from "../../renderer/commands/keys.ts";
import { type Command, commandTitle } from "../../renderer/commands/registry.ts";
import { nextTheme, viewCommands } from "../../renderer/commands/view.ts";
import { type Theme, useInterface } from "../../renderer/stores/interface.ts";

const stroke = (key: string, held: { ctrl?: boolean; shift?: boolean; alt?: boolean; meta?: boolean } = {}, code = "") => ({
  key,
  code,
  ctrlKey: held.ctrl ?? false,
  shiftKey: held.shift ?? false,
  altKey: held.alt ?? false,
  metaKey: held.meta ?? false,
});
const everything: readonly Command[] = [...canvasCommands, ...editCommands, ...blockCommands, ...arrangeCommands, ...viewCommands];

describe("keys", () => {
  test("Mod is Ctrl here and ⌘ on a Mac", () => {
    expect(matches("Mod+Z", stroke("z", { ctrl: true }), false)).toBe(true);
    expect(matches("Mod+Z", stroke("z", { meta: true }), true)).toBe(true);
    expect(matches("Mod+Z", stroke("z", { ctrl: true }), true)).toBe(false);
  });

  test("undo and redo are told apart by Shift", () => {
    expect(matches("Mod+Z", stroke("Z", { ctrl: true, shift: true }), false)).toBe(false);
    expect(matches("Mod+Shift+Z", stroke("Z", { ctrl: true, shift: true }), false)).toBe(true);
  });

  test("a sign is what it is, however a keyboard makes it", () => {
    expect(matches("?", stroke("?", { shift: true }), false)).toBe(true);
    expect(matches("/", stroke("/"), false)).toBe(true);
    expect(matches("/", stroke("/", { shift: true }), false)).toBe(true);
  });

  test("digits and letters count by their key where Shift or Alt make other signs of them", () => {
    expect(matches("Shift+1", stroke("!", { shift: true }, "Digit1"), false)).toBe(true);
    expect(matches("Alt+A", stroke("å", { alt: true }, "KeyA"), true)).toBe(true);
  });

  test("they are printed as on the keyboard", () => {
    expect(keyCaps("Mod+Shift+Z Mod+Y", false)).toEqual(["Ctrl", "Shift", "Z"]);
    expect(keyCaps("Mod+Z", true)).toEqual(["⌘", "Z"]);
    expect(keyCaps("ArrowLeft", false)).toEqual(["←"]);
  });

  test("a text field keeps its own keys", () => {
    const list: Command[] = [
      { id: "a", title: "a", group: "g", keys: "Mod+Z", run: () => undefined },
      { id: "b", title: "b", group: "g", keys: "C", run: () => undefined },
      { id: "c", title: "c", group: "g", keys: "Mod+K", run: () => undefined },
      { id: "d", title: "d", group: "g", keys: "Mod+Shift+Y", run: () => undefined },
      { id: "e", title: "e", group: "g", keys: "Mod+Shift+Z", run: () => undefined },
    ];
    const field = { editable: true, canvas: false };
    expect(commandFor(stroke("z", { ctrl: true }), field, list)).toBeUndefined();
    expect(commandFor(stroke("c"), field, list)).toBeUndefined();
    expect(commandFor(stroke("k", { ctrl: true }), field, list)?.id).toBe("c");
    expect(commandFor(stroke("Y", { ctrl: true, shift: true }), field, list)?.id).toBe("d");
    expect(commandFor(stroke("Z", { ctrl: true, shift: true }), field, list)).toBeUndefined();
  });

  test("a key of the canvas works there alone, and what is not possible does not hold its key", () => {
    const list: Command[] = [
      { id: "off", title: "off", group: "g", keys: "C", enabled: () => false, run: () => undefined },
      { id: "on", title: "on", group: "g", keys: "C", scope: "canvas", run: () => undefined },
    ];
    expect(commandFor(stroke("c"), { editable: false, canvas: true }, list)?.id).toBe("on");
    expect(commandFor(stroke("c"), { editable: false, canvas: false }, list)).toBeUndefined();
  });

  test("every command has an id of its own and a key, and no two share one", () => {
    const ids = everything.map((command) => command.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(everything.filter((command) => !command.keys).map((command) => command.id)).toEqual([]);
    const keys = everything.flatMap((command) => command.keys?.split(" ") ?? []);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });
});

describe("switches", () => {
  test.each([
    [false, ["dark", "light", "system"]],
    [true, ["light", "dark", "system"]],
  ] as const)("that of the theme shows the other one at once (system dark: %s), and comes back to the system's", (dark, expected) => {
    const seen: Theme[] = [];
    for (let theme: Theme = "system"; seen.length < 3; seen.push(theme)) theme = nextTheme(theme, dark);
    expect(seen).toEqual(expected);
  });

  test("a folded panel's command says that it unfolds", () => {
    const title = () =>
      commandTitle(viewCommands.find((one) => one.id === "view.training") ?? { id: "", title: "", group: "", run: () => undefined });
    expect(title()).toBe("Fold training desk");
    useInterface.getState().fold("bottom");
    expect(title()).toBe("Unfold training desk");
    useInterface.getState().fold("bottom");
  });
});
