import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The documents among the arguments of a command line: `.netloom` or `.json` files that are there. Linux desktops
 * name a file by its `file://` address, because electron-builder's desktop entry asks for addresses (`%U`).
 */
export function documentsOf(args: readonly string[], folder: string): readonly string[] {
  return args
    .filter((one) => !one.startsWith("-"))
    .flatMap((one) => pathOf(one) ?? [])
    .filter((one) => /\.(netloom|json)$/i.test(one))
    .map((one) => resolve(folder, one))
    .filter((path) => existsSync(path));
}

/** Undefined for an address of something that does not lie on this machine. */
function pathOf(argument: string): string | undefined {
  if (!/^file:/i.test(argument)) return argument;
  try {
    return fileURLToPath(argument);
  } catch {
    return undefined;
  }
}
