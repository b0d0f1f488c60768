import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

/** scikit-learn's digits.csv.gz (64 pixels 0…16 and the label a line) as 65 bytes an example, gzipped. */
export function digits(packageFolder) {
  const file = join(packageFolder, "usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz");
  const rows = gunzipSync(readFileSync(file)).toString("ascii").trim().split("\n");
  const bytes = Uint8Array.from(rows.flatMap((row) => row.split(",").map(Number)));
  if (rows.length !== 1797 || bytes.length !== 1797 * 65) throw new Error("digits.csv.gz is not the file that was expected.");
  return gzipSync(bytes, { level: 9 });
}
