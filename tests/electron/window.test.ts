import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as electron from "./fake-electron.ts";

vi.mock("electron", () => electron);
const { createAppWindow, lockDown } = await import("../../electron/window.ts");

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "netloom-window-"));
  electron.BrowserWindow.all.length = 0;
  electron.app.removeAllListeners();
  electron.dialog.showMessageBoxSync.mockReset();
});
afterEach(() => rm(home, { recursive: true, force: true }));

function open() {
  lockDown(electron.session.defaultSession);
  const { setState } = createAppWindow({ preload: "/app/preload.cjs", home });
  const [window] = electron.BrowserWindow.all;
  if (window === undefined) throw new Error("No window has been made.");
  return { window, setState };
}

const closing = (window: electron.BrowserWindow) => {
  const event = { preventDefault: vi.fn() };
  window.emit("close", event);
  return event.preventDefault;
};

describe("the window", () => {
  it("shows the app isolated, sandboxed and without Node", () => {
    const { window } = open();
    expect(window.loaded).toEqual(["app://netloom/"]);
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      preload: "/app/preload.cjs",
    });
  });

  it.each([
    "https://example.com/",
    "file:///etc/passwd",
    "app://netloom.example/",
    "app://other/",
    "app://netloom/other.html",
    "javascript:alert(1)",
  ])("does not navigate to %s", (url) => {
    const event = { url, preventDefault: vi.fn() };
    open().window.webContents.emit("will-navigate", event);
    expect(event.preventDefault).toHaveBeenCalled();
  });

  it("may be reloaded", () => {
    const event = { url: "app://netloom/", preventDefault: vi.fn() };
    open().window.webContents.emit("will-navigate", event);
    expect(event.preventDefault).not.toHaveBeenCalled();
  });

  it("opens no second window and embeds no other page", () => {
    const { window } = open();
    expect(window.webContents.openHandler?.({ url: "https://example.com" })).toEqual({ action: "deny" });
    const event = { preventDefault: vi.fn() };
    window.webContents.emit("will-attach-webview", event);
    expect(event.preventDefault).toHaveBeenCalled();
  });

  it.each([
    ["media", false],
    ["geolocation", false],
    ["notifications", false],
    ["clipboard-read", false],
    ["clipboard-sanitized-write", true],
  ])("answers a request for %s with %s", (permission, allowed) => {
    open();
    const answer = vi.fn();
    electron.session.defaultSession.setPermissionRequestHandler.mock.lastCall?.[0]({}, permission, answer);
    expect(answer).toHaveBeenCalledWith(allowed);
    expect(electron.session.defaultSession.setPermissionCheckHandler.mock.lastCall?.[0]({}, permission)).toBe(allowed);
  });

  it("closes without a question when everything is saved", () => {
    const { window, setState } = open();
    setState({ title: "a.netloom", edited: false });
    expect(closing(window)).not.toHaveBeenCalled();
    expect(window.title).toBe("a.netloom");
  });

  it.each([
    ["stays open", 0, true],
    ["closes", 1, false],
  ])("asks before unsaved work is closed, and %s as answered", (_, choice, kept) => {
    electron.dialog.showMessageBoxSync.mockReturnValue(choice);
    const { window, setState } = open();
    setState({ title: "a.netloom", edited: true });
    expect(closing(window).mock.calls.length > 0).toBe(kept);
    expect(electron.dialog.showMessageBoxSync).toHaveBeenCalledOnce();
  });

  it("comes back where it was left", async () => {
    closing(open().window);
    await expect.poll(() => readFile(join(home, "window.json"), "utf8")).toContain("1000");
    electron.BrowserWindow.all.length = 0;
    expect(open().window.options).toMatchObject({ x: 40, y: 50, width: 1000, height: 700 });
  });

  it.each(["{", '{"x": 1}', '{"x": 9000, "y": 9000, "width": 1000, "height": 700, "maximized": false}'])(
    "comes in its usual size where %s has been kept",
    async (kept) => {
      await writeFile(join(home, "window.json"), kept);
      expect(open().window.options).toMatchObject({ width: 1280, height: 800 });
    },
  );
});
