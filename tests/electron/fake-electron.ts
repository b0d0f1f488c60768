import { EventEmitter } from "node:events";
import { vi } from "vitest";

/** Electron as far as the shell touches it: it remembers what it was asked. Used through `vi.mock("electron", …)`. */
class FakeWebContents extends EventEmitter {
  destroyed = false;
  readonly sent: { channel: string; payload: unknown }[] = [];
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  constructor(private readonly number: number) {
    super();
  }
  get id(): number {
    if (this.destroyed) throw new TypeError("Object has been destroyed");
    return this.number;
  }
  send(channel: string, payload: unknown): void {
    this.sent.push({ channel, payload });
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  getURL(): string {
    return "app://netloom/";
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  static getAllWindows(): BrowserWindow[] {
    return BrowserWindow.all;
  }
  readonly webContents: FakeWebContents;
  readonly loaded: string[] = [];
  title = "";
  constructor(readonly options: Record<string, unknown>) {
    super();
    this.webContents = new FakeWebContents(BrowserWindow.all.push(this));
    app.emit("web-contents-created", {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
  }
  setTitle(title: string): void {
    this.title = title;
  }
  getNormalBounds() {
    return { x: 40, y: 50, width: 1000, height: 700 };
  }
  isMaximized = () => false;
  isMinimized = () => true;
  maximize = vi.fn();
  restore = vi.fn();
  focus = vi.fn();
  show = vi.fn();
  reload = vi.fn();
  setDocumentEdited = vi.fn();
}

class FakeApp extends EventEmitter {
  readonly isPackaged = false;
  enableSandbox = vi.fn();
  quit = vi.fn();
  exit = vi.fn();
  addRecentDocument = vi.fn();
  requestSingleInstanceLock = vi.fn(() => true);
  whenReady = async (): Promise<void> => undefined;
  getPath = () => "/";
}
export const app = new FakeApp();

export const ipc = new Map<string, (event: unknown, ...args: unknown[]) => unknown>();
export const ipcMain = {
  handle: (channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) => ipc.set(channel, handler),
  on: (channel: string, handler: (event: unknown, ...args: unknown[]) => unknown) => ipc.set(channel, handler),
};

export const dialog = {
  showMessageBoxSync: vi.fn(() => 0),
  showErrorBox: vi.fn(),
  showOpenDialog: vi.fn(async () => ({ filePaths: [] })),
  showSaveDialog: vi.fn(async () => ({ canceled: true, filePath: "" })),
};
export const Menu = { setApplicationMenu: vi.fn(), buildFromTemplate: vi.fn((template: unknown) => template) };
export const protocol = { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() };
export const session = { defaultSession: { setPermissionRequestHandler: vi.fn(), setPermissionCheckHandler: vi.fn() } };
export const screen = { getDisplayMatching: () => ({ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }) };
export const contextBridge = { exposeInMainWorld: vi.fn() };
export const ipcRenderer = { invoke: vi.fn(), on: vi.fn(), off: vi.fn(), send: vi.fn() };
