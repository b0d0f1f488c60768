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

/** Clicks an item as Electron does. */
function click(item: MenuItemConstructorOptions | undefined, window: object | undefined, triggeredByAccelerator = false): void {
  if (item?.click !== undefined) Reflect.apply(item.click, undefined, [item, window, { triggeredByAccelerator }]);
}

describe("the menu", () => {
  it("sends the page's own commands", () => {
    const { items, command } = make();
    for (const item of items) click(item, undefined);
    expect(command.mock.calls.map(([id]) => id).sort()).toEqual(
      [
        "file.new",
        "file.open",
        "file.save",
        "file.save-as",
        "gallery.open",
        "export.open",
        "edit.undo",
        "edit.redo",
        "edit.cut",
        "edit.copy",
        "edit.paste",
        "edit.duplicate",
        "edit.select-all",
        "view.zoom-fit",
        "view.theme",
        "palette.open",
        "run.start",
        "run.pause",
        "run.step",
        "run.stop",
        "help.shortcuts",
      ].sort(),
    );
  });

  it("leaves keys to the page, which knows where the focus is", () => {
    for (const item of make().items) if (item.accelerator !== undefined) expect(item.registerAccelerator).toBe(false);
  });

  it("edits the text field when the page has left a key to it", () => {
    const { items, command } = make({ mac: true });
    const copy = items.find((item) => item.id === "edit.copy");
    const webContents = { copy: vi.fn() };
    click(copy, { webContents }, true);
    expect(webContents.copy).toHaveBeenCalledOnce();
    expect(command).not.toHaveBeenCalled();
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
