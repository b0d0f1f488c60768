import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * Words of 3 to 8 letters and nothing else, with at most 8 sounds, each with its first pronunciation and without stress:
 * a line `walk W AO K` each, in the dictionary's order.
 */
export function cmudict(packageFolder) {
  const lines = readFileSync(join(packageFolder, "data/dict.txt"), "latin1").split(/\r?\n/);
  const words = lines.flatMap((line) => {
    const [, word, sounds] = /^([A-Z]{3,8}) {2}(.+)$/.exec(line) ?? [];
    if (word === undefined || sounds.split(" ").length > 8) return [];
    return [`${word.toLowerCase()} ${sounds.replace(/\d/g, "")}`];
  });
  if (words.length !== 83475) throw new Error(`dict.txt is not the file that was expected: ${words.length} words.`);
  return gzipSync(`${words.join("\n")}\n`, { level: 9 });
}
