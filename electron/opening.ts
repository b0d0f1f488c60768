import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The documents among the arguments of a command line: `.netloom` or `.json` files that are there. */
export function documentsOf(args: readonly string[], folder: string): readonly string[] {
  return args
    .filter((one) => !one.startsWith("-") && /\.(netloom|json)$/i.test(one))
    .map((one) => resolve(folder, one))
    .filter((path) => existsSync(path));
}
