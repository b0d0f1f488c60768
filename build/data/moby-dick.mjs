import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * The novel as plain ASCII, a paragraph a line: typographic quotes become straight ones, the long dash two hyphens,
 * the handful of brackets and signs that occur a few times are written otherwise, so that about 75 characters remain.
 */
export function mobyDick(packageFolder) {
  const text = readFileSync(join(packageFolder, "data/data.txt"), "utf8")
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replaceAll("—", "--")
    .replaceAll("[", "(")
    .replaceAll("]", ")")
    .replaceAll("&", "and")
    .replace(/[*$]/g, "")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s+/g, " "))
    .filter((paragraph) => paragraph !== "")
    .join("\n");
  if (!/^[\n -~]+$/.test(text)) throw new Error("The text has characters that were not expected.");
  return gzipSync(text, { level: 9 });
}
