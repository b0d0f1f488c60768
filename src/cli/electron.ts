import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { findInstallation } from "../host/install.ts";
import type { ExitCode, Terminal } from "./command.ts";
import { runCommand } from "./main.ts";

/** Seconds that fetching Electron (about 110 MB) may take before the browser is used instead. */
const patience = 90;
/** Seconds within which a program that fails has never opened its window. */
const stillborn = 5;

/** Starts the app in Electron; where that is not possible, says why in one line and serves it to a browser. */
export async function startApp(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const serve = () => runCommand(["serve", ...args], terminal);
  if (args.includes("--no-open")) return serve();
  const fallBack = (reason: string) => {
    terminal.error(`The Electron window cannot be opened (${reason}); Netloom opens in the browser instead.\n`);
    return serve();
  };
  const found = await findElectron(terminal);
  if ("reason" in found) return fallBack(found.reason);
  const { root } = findInstallation();
  const began = Date.now();
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const child = spawn(found.program, [...sandbox, root, ...args], { stdio: "inherit" });
  terminal.interrupted.addEventListener("abort", () => child.kill());
  const code = await ended(child);
  if (code === 0 || terminal.interrupted.aborted) return 0;
  return Date.now() - began < stillborn * 1000 ? fallBack("it ended at once; a system library may be missing") : 1;
}

type Found = { readonly program: string } | { readonly reason: string };

/** Electron's program: the one there is, or fetched now. Its package holds no binary; its first use loads one. */
async function findElectron(terminal: Terminal): Promise<Found> {
  if (process.platform === "linux" && terminal.environment.DISPLAY === undefined && terminal.environment.WAYLAND_DISPLAY === undefined)
    return { reason: "there is no display" };
  const folder = electronFolder();
  if (folder === undefined) return { reason: "its package is not installed" };
  const present = installedProgram(folder, terminal.environment);
  if (present !== undefined) return { program: present };
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 12)) return { reason: `fetching it needs Node 22.12, this is ${process.versions.node}` };
  terminal.error(`Fetching Electron (once, about 110 MB, ${patience} s at most) …\n`);
  const child = spawn(process.execPath, [join(folder, "install.js")], { stdio: "ignore" });
  const timer = setTimeout(() => child.kill(), patience * 1000);
  const stop = () => child.kill();
  terminal.interrupted.addEventListener("abort", stop);
  const code = await ended(child);
  clearTimeout(timer);
  terminal.interrupted.removeEventListener("abort", stop);
  const fetched = installedProgram(folder, terminal.environment);
  if (fetched !== undefined) return { program: fetched };
  return { reason: code === null ? "its download took too long" : "its download failed" };
}

function electronFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve("electron/package.json"));
  } catch {
    return undefined;
  }
}

function installedProgram(folder: string, environment: NodeJS.ProcessEnv): string | undefined {
  const pathFile = join(folder, "path.txt");
  const name = existsSync(pathFile) ? readFileSync(pathFile, "utf8").trim() : undefined;
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  const program = override === undefined ? name && join(folder, "dist", name) : join(override, name ?? "electron");
  return program !== undefined && program !== "" && existsSync(program) ? program : undefined;
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((done) => {
    child.once("error", () => done(1));
    child.once("exit", (code) => done(code));
  });
