import { readFileSync } from "node:fs";
import { join } from "node:path";
import { app, BrowserWindow, dialog, type Session, screen, type WebContents } from "electron";
import { z } from "zod";
import { diskFileSystem } from "../src/host/atomic.ts";
import { writeJson } from "../src/host/json-file.ts";
import { appAddress, isAppAddress } from "./protocol.ts";

const boundsSchema = z.object({ x: z.int(), y: z.int(), width: z.int().min(640), height: z.int().min(480), maximized: z.boolean() });
type Bounds = z.infer<typeof boundsSchema>;

export interface AppWindow {
  readonly window: BrowserWindow;
  /** What the page has last said: closing asks first if work would be lost. */
  setState(state: { readonly title: string; readonly edited: boolean }): void;
  /** Resolves once it is written down where the window was left. */
  remembered(): Promise<void>;
}

/** The app's window: isolated, sandboxed, where it was left, and asking before unsaved work is closed. */
export function createAppWindow(options: { readonly preload: string; readonly home: string }): AppWindow {
  const file = join(options.home, "window.json");
  const left = readBounds(file);
  const window = new BrowserWindow({
    ...(left === undefined ? { width: 1280, height: 800 } : { x: left.x, y: left.y, width: left.width, height: left.height }),
    minWidth: 800,
    minHeight: 560,
    title: "Netloom",
    backgroundColor: "#10131a",
    show: false,
    webPreferences: { preload: options.preload, contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false, spellcheck: false },
  });
  if (left?.maximized) window.maximize();
  window.once("ready-to-show", () => window.show());

  let edited = false;
  let writing = Promise.resolve();
  window.on("close", (event) => {
    const { x, y, width, height } = window.getNormalBounds();
    const bounds: Bounds = { x, y, width, height, maximized: window.isMaximized() };
    writing = writeJson(file, bounds, diskFileSystem).catch(() => undefined);
    if (edited && !mayClose(window)) event.preventDefault();
  });
  void window.loadURL(appAddress);
  return {
    window,
    setState(state) {
      edited = state.edited;
      window.setTitle(state.title);
      window.setDocumentEdited(state.edited);
    },
    remembered: () => writing,
  };
}

function mayClose(window: BrowserWindow): boolean {
  const choice = dialog.showMessageBoxSync(window, {
    type: "warning",
    message: "The document has changes that are not saved.",
    detail: "Its latest autosave is offered when Netloom is opened again.",
    buttons: ["Keep Open", "Close Without Saving"],
    defaultId: 0,
    cancelId: 0,
  });
  return choice === 1;
}

/** Where the window was left, if that is still on a screen. */
function readBounds(file: string): Bounds | undefined {
  try {
    const bounds = boundsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    const { workArea } = screen.getDisplayMatching(bounds);
    const visible = bounds.x < workArea.x + workArea.width && bounds.x + bounds.width > workArea.x && bounds.y < workArea.y + workArea.height;
    return visible ? bounds : undefined;
  } catch {
    return undefined;
  }
}

/** No page leaves the app, opens another window, embeds one or asks for a device. */
export function lockDown(session: Pick<Session, "setPermissionRequestHandler" | "setPermissionCheckHandler">): void {
  app.on("web-contents-created", (_, contents) => confine(contents));
  // Copying nodes writes to the clipboard; that needs a click or a key, and nothing is read.
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === "clipboard-sanitized-write"));
  session.setPermissionCheckHandler((_contents, permission) => permission === "clipboard-sanitized-write");
}

function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  contents.on("will-navigate", (event) => {
    if (!isReload(contents, event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
}

const isReload = (contents: WebContents, address: string): boolean => isAppAddress(address) && address === contents.getURL();
