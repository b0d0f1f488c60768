import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { diskFileSystem } from "../host/atomic.ts";
import { netloomHome } from "../host/install.ts";
import { openRunFolder, type RunFolder } from "../host/run-folder.ts";
import { type Terminal, UsageError } from "./command.ts";

/** The run that an argument means: its folder, or the id of one of the app's own; undefined if there is none. */
export function findRun(argument: string, terminal: Terminal): RunFolder | undefined {
  const places = [resolve(terminal.folder, argument), join(netloomHome(terminal.environment), "runs", basename(argument))];
  const path = places.find((place) => existsSync(join(place, "run.json")));
  return path === undefined ? undefined : openRunFolder(path, diskFileSystem);
}

/** The same. @throws UsageError if there is none */
export function requireRun(argument: string, terminal: Terminal): RunFolder {
  const run = findRun(argument, terminal);
  if (run === undefined) throw new UsageError(`There is no run ${argument}: neither a folder with a run.json nor one of the app's own runs.`);
  return run;
}
