import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session } from "electron";
import type { HostEvent } from "../src/host/contract.ts";
import { findInstallation, netloomHome } from "../src/host/install.ts";
import { createNodeHost, type Dialogs } from "../src/host/node-host.ts";
import { createExchange, type Line } from "./ipc.ts";
import { menuTemplate } from "./menu.ts";
import { documentsOf } from "./opening.ts";
import { appScheme, handleAppScheme } from "./protocol.ts";
import { createAppWindow, lockDown } from "./window.ts";

/** The Electron shell: it wires Host to IPC, a window and a menu, and does nothing else. */

const documentFilters = [{ name: "Netloom documents", extensions: ["netloom", "json"] }];

const dialogs: Dialogs = {
  async open() {
    const chosen = await dialog.showOpenDialog({ properties: ["openFile"], filters: documentFilters });
    return chosen.filePaths[0] ?? null;
  },
  async save(suggested) {
    const chosen = await dialog.showSaveDialog({ defaultPath: suggested, filters: documentFilters });
    return chosen.canceled || chosen.filePath === "" ? null : chosen.filePath;
  },
  async folder() {
    const chosen = await dialog.showOpenDialog({ properties: ["openDirectory", "createDirectory"] });
    return chosen.filePaths[0] ?? null;
  },
};

async function start(): Promise<void> {
  const { assets, version } = findInstallation();
  const home = netloomHome();
  const folder = app.isPackaged ? app.getPath("documents") : process.cwd();
  const pending = [...documentsOf(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd())];
  let line: Line | undefined;
  let reopen: () => void = () => undefined;

  const openPath = (path: string): void => {
    if (line !== undefined) tell({ kind: "open", path });
    else {
      pending.push(path);
      reopen();
    }
  };
  app.on("open-file", (event, path) => {
    event.preventDefault();
    openPath(path);
  });
  app.on("second-instance", (_, args, from) => {
    focusWindow();
    for (const path of documentsOf(args.slice(1), from)) openPath(path);
  });

  await app.whenReady();
  lockDown(session.defaultSession);
  handleAppScheme(protocol, assets);
  const host = await createNodeHost({ home, folder, shell: "electron", version, dialogs, remembered: (path) => void noteRecent(path) });
  const exchange = createExchange(ipcMain);
  /** What closed windows still write. */
  const unfinished: Promise<void>[] = [];

  function tell(event: HostEvent): void {
    if (event.kind === "open") host.grant(event.path);
    line?.send(event);
  }
  async function noteRecent(path: string): Promise<void> {
    app.addRecentDocument(path);
    await buildMenu();
  }
  async function buildMenu(): Promise<void> {
    const recent = await host.recent();
    const target = { command: (command: string) => tell({ kind: "command", command }), open: openPath, recent };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ ...target, mac: process.platform === "darwin", developing: !app.isPackaged })));
  }
  function openWindow(): void {
    const preload = join(dirname(fileURLToPath(import.meta.url)), "preload.cjs");
    const { window, setState, remembered } = createAppWindow({ preload, home });
    const own = host.openSession(setState);
    const mine = exchange.connect(window.webContents, own);
    line = mine;
    window.webContents.on("render-process-gone", (_, { reason }) => {
      if (reason === "clean-exit") return;
      void own.setConnected(false);
      window.reload();
    });
    window.on("closed", () => {
      mine.close();
      unfinished.push(own.close(), remembered());
      if (line === mine) line = undefined;
    });
    for (const path of pending.splice(0)) tell({ kind: "open", path });
  }
  function focusWindow(): void {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  }

  await buildMenu();
  openWindow();
  reopen = openWindow;
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  let finished = false;
  app.on("will-quit", (event) => {
    if (finished) return;
    event.preventDefault();
    void Promise.allSettled([host.dispose(), ...unfinished]).then(() => {
      finished = true;
      app.quit();
    });
  });
}

app.enableSandbox();
protocol.registerSchemesAsPrivileged([appScheme]);
// Not awaited: Electron is ready only once this module has been evaluated.
if (app.requestSingleInstanceLock())
  void start().catch((error: unknown) => {
    dialog.showErrorBox("Netloom could not start", error instanceof Error ? error.message : String(error));
    app.exit(1);
  });
else app.quit();
