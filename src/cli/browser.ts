import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Terminal } from "./command.ts";

/** Browsers that can show a page as an app's window, by the names of their programs. */
const appBrowsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "brave-browser", "chrome"];

/** Where they lie on systems that do not put them on PATH. */
const knownPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: ["C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe", "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe"],
};

export interface BrowserCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** True if its process lives as long as the window. */
  readonly ownWindow: boolean;
}

/** How to show the address here: as an app's window where a Chromium is found, else with the system's opener. */
export function browserCommand(
  address: string,
  home: string,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  root: boolean,
): BrowserCommand {
  const found = (environment.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => appBrowsers.map((name) => join(folder, platform === "win32" ? `${name}.exe` : name)))
    .concat(knownPlaces[platform] ?? [])
    .find(runnable);
  if (found !== undefined)
    return {
      program: found,
      // A profile of its own keeps this window apart from the person's browser; root, as in containers, has no sandbox to use.
      args: [
        `--app=${address}`,
        `--user-data-dir=${join(home, "browser")}`,
        "--no-first-run",
        "--no-default-browser-check",
        ...(root ? ["--no-sandbox"] : []),
      ],
      ownWindow: true,
    };
  if (platform === "darwin") return { program: "open", args: [address], ownWindow: false };
  if (platform === "win32") return { program: "rundll32", args: ["url.dll,FileProtocolHandler", address], ownWindow: false };
  return { program: "xdg-open", args: [address], ownWindow: false };
}

function runnable(path: string): boolean {
  try {
    if (!existsSync(path)) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Opens the address. @returns when its window is closed, or undefined if that cannot be known. */
export function openBrowser(address: string, home: string, terminal: Terminal): Promise<void> | undefined {
  const root = process.getuid?.() === 0;
  const { program, args, ownWindow } = browserCommand(address, home, terminal.environment, process.platform, root);
  if (process.platform === "linux" && terminal.environment.DISPLAY === undefined && terminal.environment.WAYLAND_DISPLAY === undefined) {
    terminal.error("There is no display here: open the address in a browser.\n");
    return undefined;
  }
  mkdirSync(join(home, "browser"), { recursive: true });
  const child = spawn(program, args, { stdio: "ignore", detached: !ownWindow });
  if (ownWindow) terminal.interrupted.addEventListener("abort", () => child.kill());
  else child.unref();
  return new Promise((closed) => {
    child.once("error", () => terminal.error(`No browser could be started (${program}): open the address by hand.\n`));
    child.once("exit", (code) => {
      if (ownWindow && code === 0) closed();
    });
  });
}
