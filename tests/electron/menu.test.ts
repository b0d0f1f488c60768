import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MenuItemConstructorOptions } from "electron";
import { describe, expect, it, vi } from "vitest";
import { menuTemplate } from "../../electron/menu.ts";

const make = (more: Partial<Parameters<typeof menuTemplate>[0]> = {}) => {
  const command = vi.fn();
  const open = vi.fn();
  const template = menuTemplate({ command, open, recent: [], mac: false, developing: false, ...more });
  return { command, open, items: flatten(template) };
};

const flatten = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);

/** The commands of the page by id, with their keys, as its sources declare them: importing them needs a browser. */
async function pageCommands(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir("renderer", { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join("renderer", name), "utf8")));
  const declared = /\bid: "([a-z]+\.[a-z-]+)",\s*title:[\s\S]*?(?:keys: "([^"]*)"|run(?::|\())/g;
  return new Map(texts.flatMap((text) => [...text.matchAll(declared)].map(([, id = "", keys = ""]) => [id, keys] as const)));
}

/** Clicks an item as Electron does. */
function click(item: MenuItemConstructorOptions | undefined, window: object | undefined, triggeredByAccelerator = false): void {
  if (item?.click !== undefined) Reflect.apply(item.click, undefined, [item, window, { triggeredByAccelerator }]);
}

describe("the menu", () => {
  it("sends commands that the page has, under the keys that it has them", async () => {
    const { items, command } = make();
    const own = await pageCommands();
    for (const item of items) {
      if (item.id === undefined) continue;
      click(item, undefined);
      expect(command).toHaveBeenLastCalledWith(item.id);
      expect([...own.keys()]).toContain(item.id);
      if (item.accelerator !== undefined) expect(own.get(item.id)).toContain(String(item.accelerator).replace("CmdOrCtrl", "Mod"));
    }
    expect(command.mock.calls.length).toBeGreaterThan(15);
  });

  it("leaves keys to the page, which knows where the focus is", () => {
    for (const item of make().items) if (item.accelerator !== undefined) expect(item.registerAccelerator).toBe(false);
  });

  it("edits the text field when the page has left a key to it", () => {
    const { items, command } = make({ mac: true });
    const undo = items.find((item) => item.id === "edit.undo");
    const webContents = { undo: vi.fn() };
    click(undo, { webContents }, true);
    expect(webContents.undo).toHaveBeenCalledOnce();
    expect(command).not.toHaveBeenCalled();
  });

  it("leaves the clipboard to the system, so that text fields and the canvas both hear of it", () => {
    const roles = make().items.map((item) => item.role);
    expect(roles).toEqual(expect.arrayContaining(["cut", "copy", "paste"]));
  });

  it("lists recent files and opens them", () => {
    const { items, open } = make({ recent: [{ path: "/a/b.netloom", name: "b.netloom", opened: 1 }] });
    click(
      items.find((item) => item.label === "b.netloom"),
      undefined,
    );
    expect(open).toHaveBeenCalledWith("/a/b.netloom");
  });

  it("offers developer tools only while developing", () => {
    expect(make().items.some((item) => item.role === "toggleDevTools")).toBe(false);
    expect(make({ developing: true }).items.some((item) => item.role === "toggleDevTools")).toBe(true);
  });
});
