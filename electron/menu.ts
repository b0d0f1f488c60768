import type { MenuItemConstructorOptions, WebContents } from "electron";
import type { RecentFile } from "../src/host/contract.ts";

/** What the menu needs of the app. */
export interface MenuTarget {
  /** Sends a command to the page; the ids are those of the page's own commands. */
  command(id: string): void;
  open(path: string): void;
  readonly recent: readonly RecentFile[];
  readonly mac: boolean;
  /** Not in the packaged app. */
  readonly developing: boolean;
}

type Native = "undo" | "redo" | "selectAll";

export function menuTemplate({ command, open, recent, mac, developing }: MenuTarget): MenuItemConstructorOptions[] {
  /** Keys are shown here and handled by the page, which knows where the focus is. */
  const item = (label: string, id: string, accelerator?: string): MenuItemConstructorOptions => ({
    id,
    label,
    click: () => command(id),
    registerAccelerator: false,
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  /** On a Mac the menu takes keys that the page leaves to a text field: then the field is meant, not the canvas. */
  const edit = (label: string, id: string, accelerator: string, native: Native): MenuItemConstructorOptions => ({
    ...item(label, id, accelerator),
    click: (_item, window, event) => {
      const contents = window !== undefined && "webContents" in window ? (window.webContents as WebContents) : undefined;
      if (event.triggeredByAccelerator && contents !== undefined) contents[native]();
      else command(id);
    },
  });
  const separator: MenuItemConstructorOptions = { type: "separator" };
  const recentItems = recent.map(({ path, name }): MenuItemConstructorOptions => ({ label: name, sublabel: path, click: () => open(path) }));

  return [
    ...(mac ? [{ role: "appMenu" } satisfies MenuItemConstructorOptions] : []),
    {
      label: "File",
      submenu: [
        item("New", "file.new", "CmdOrCtrl+N"),
        item("New from Template…", "gallery.open", "CmdOrCtrl+Shift+Y"),
        item("Open…", "file.open", "CmdOrCtrl+O"),
        { label: "Open Recent", enabled: recentItems.length > 0, submenu: recentItems },
        separator,
        item("Save", "file.save", "CmdOrCtrl+S"),
        item("Save As…", "file.save-as", "CmdOrCtrl+Shift+S"),
        separator,
        item("Export…", "export.open", "CmdOrCtrl+E"),
        ...(mac ? [] : [separator, { role: "quit" } satisfies MenuItemConstructorOptions]),
      ],
    },
    {
      label: "Edit",
      submenu: [
        edit("Undo", "edit.undo", "CmdOrCtrl+Z", "undo"),
        edit("Redo", "edit.redo", "CmdOrCtrl+Shift+Z", "redo"),
        separator,
        // The clipboard is the system's: the page hears of these as it hears of the keys, and text fields handle them by themselves.
        { role: "cut" },
        { role: "copy" },
        { role: "paste" },
        item("Duplicate", "edit.duplicate", "CmdOrCtrl+D"),
        separator,
        edit("Select All", "edit.select-all", "CmdOrCtrl+A", "selectAll"),
      ],
    },
    {
      label: "View",
      submenu: [
        item("Command Palette…", "view.palette", "CmdOrCtrl+K"),
        separator,
        item("Zoom to Fit", "view.fit", "Shift+1"),
        item("Light or Dark", "view.theme", "Alt+T"),
        separator,
        { role: "togglefullscreen" },
        ...(developing ? [{ role: "toggleDevTools" } satisfies MenuItemConstructorOptions] : []),
      ],
    },
    {
      label: "Run",
      submenu: [
        item("Train or Pause", "run.start", "CmdOrCtrl+Shift+Enter"),
        item("One Step", "run.step", "F10"),
        item("Stop", "run.stop", "CmdOrCtrl+."),
      ],
    },
    { role: "windowMenu" },
    { role: "help", submenu: [item("Keyboard Shortcuts", "view.shortcuts", "F1")] },
  ];
}
