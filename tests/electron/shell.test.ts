import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { channels } from "../../electron/channels.ts";
import { documentsOf } from "../../electron/opening.ts";
import { appScheme, handleAppScheme } from "../../electron/protocol.ts";
import { hostMethods } from "../../src/host/contract.ts";
import * as electron from "./fake-electron.ts";

vi.mock("electron", () => electron);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "netloom-shell-"));
  await writeFile(join(folder, "a.netloom"), "{}");
  await writeFile(join(folder, "index.html"), "<!doctype html>");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("app://", () => {
  const answers = async (url: string, method = "GET"): Promise<Response> => {
    const handle = vi.fn();
    handleAppScheme({ handle }, { renderer: folder, data: folder, templates: folder, kernels: folder });
    return handle.mock.lastCall?.[1](new Request(url, { method }));
  };

  it("is a secure origin of its own", () => {
    expect(appScheme.privileges).toMatchObject({ standard: true, secure: true });
    expect(appScheme.privileges).not.toHaveProperty("bypassCSP");
    expect(appScheme.privileges).not.toHaveProperty("corsEnabled");
  });

  it("gives the page with the headers that isolate it", async () => {
    const response = await answers("app://netloom/");
    expect(response.status).toBe(200);
    expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(response.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(await response.text()).toBe("<!doctype html>");
  });

  it.each(["app://other/", "app://netloom/../a.netloom", "app://netloom/a.netloom", "app://netloom/%2e%2e/index.html"])(
    "gives nothing at %s that is not the app's",
    async (url) => {
      expect((await answers(url)).status).toBe(url.endsWith("index.html") ? 200 : 404);
    },
  );

  it("answers GET only", async () => {
    expect((await answers("app://netloom/", "POST")).status).toBe(404);
  });
});

describe("the command line", () => {
  it("names documents that are there; options and other files are passed over", () => {
    expect(documentsOf(["--inspect", "a.netloom", "b.netloom", "index.html", "--x=a.netloom"], folder)).toEqual([join(folder, "a.netloom")]);
  });

  it("names documents by their address, as Linux desktops do", async () => {
    const path = join(folder, "two words.netloom");
    await writeFile(path, "{}");
    const elsewhere = ["file://another.host/a.netloom", "file:///%00.netloom", "https://example.com/a.netloom"];
    expect(documentsOf([pathToFileURL(path).href, ...elsewhere], folder)).toEqual([path]);
  });
});

describe("the preload", () => {
  it("gives the page the methods of Host and onEvent, and nothing of Electron", async () => {
    await import("../../electron/preload.ts");
    const [name, bridge] = electron.contextBridge.exposeInMainWorld.mock.lastCall ?? [];
    expect(name).toBe("netloomHost");
    expect(Object.keys(bridge).sort()).toEqual([...Object.keys(hostMethods), "onEvent"].sort());
    bridge.readDocument("a.netloom");
    expect(electron.ipcRenderer.invoke).toHaveBeenCalledWith(channels.call, "readDocument", ["a.netloom"]);
    const stop = bridge.onEvent(() => undefined);
    expect(electron.ipcRenderer.send).toHaveBeenCalledWith(channels.listen);
    stop();
    expect(electron.ipcRenderer.off).toHaveBeenCalledOnce();
  });
});

describe("the main process", () => {
  it("starts one window, opens documents from the command line and from a second start in it, and ends when all is written", async () => {
    vi.stubEnv("NETLOOM_HOME", join(folder, "home"));
    const argv = process.argv;
    process.argv = ["electron", ".", join(folder, "a.netloom")];
    await import("../../electron/main.ts");
    await expect.poll(() => electron.BrowserWindow.all.length).toBe(1);
    process.argv = argv;
    expect(electron.app.enableSandbox).toHaveBeenCalled();
    expect(electron.protocol.registerSchemesAsPrivileged).toHaveBeenCalledWith([appScheme]);
    expect(electron.Menu.setApplicationMenu).toHaveBeenCalled();

    const [window] = electron.BrowserWindow.all;
    const from = { sender: window?.webContents, senderFrame: { url: "app://netloom/", parent: null } };
    electron.ipc.get(channels.listen)?.(from);
    const opened = { channel: channels.event, payload: { kind: "open", path: join(folder, "a.netloom") } };
    expect(window?.webContents.sent).toEqual([opened]);

    electron.app.emit("second-instance", {}, ["netloom", "a.netloom"], folder);
    expect(window?.webContents.sent).toEqual([opened, opened]);
    expect(window?.restore).toHaveBeenCalled();
    expect(await electron.ipc.get(channels.call)?.(from, "readDocument", [join(folder, "a.netloom")])).toMatchObject({ ok: true });
    expect(await electron.ipc.get(channels.call)?.(from, "readDocument", ["/etc/hosts.json"])).toMatchObject({ ok: false, code: "not-allowed" });
    expect(electron.app.addRecentDocument).toHaveBeenCalledWith(join(folder, "a.netloom"));

    window?.emit("close", { preventDefault: vi.fn() });
    if (window !== undefined) window.webContents.destroyed = true;
    window?.emit("closed");
    expect(await electron.ipc.get(channels.call)?.({ ...from, sender: { id: 1 } }, "info", [])).toMatchObject({ ok: false });
    const ending = { preventDefault: vi.fn() };
    electron.app.emit("will-quit", ending);
    expect(ending.preventDefault).toHaveBeenCalledOnce();
    await expect.poll(() => electron.app.quit.mock.calls.length).toBe(1);
    expect(await readFile(join(folder, "home", "window.json"), "utf8")).toContain("1000");
    electron.app.emit("will-quit", ending);
    expect(ending.preventDefault).toHaveBeenCalledOnce();
  });
});
