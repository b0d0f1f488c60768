import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** 4,999 molecules with their polar surface area, a line `CC1=CC(=O)C=CC1=O,34.14` each, in the file's order. */
export function molecules(packageFolder) {
  const text = readFileSync(join(packageFolder, "usr/share/RDKit/Data/NCI/first_5k.tpsa.csv"), "latin1");
  const lines = text.split(/\r?\n/).filter((line) => /^[^,\s]+,\d+(\.\d+)?$/.test(line));
  if (lines.length !== 4999) throw new Error(`first_5k.tpsa.csv is not the file that was expected: ${lines.length} molecules.`);
  return gzipSync(`${lines.join("\n")}\n`, { level: 9 });
}
