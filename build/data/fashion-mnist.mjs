import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const pixels = 28 * 28;

/**
 * The first 600 training and the first 100 test images of each of the ten classes, in the original order,
 * training before test: all labels (7,000 bytes), then all images (784 bytes each), gzipped.
 */
export function fashionMnist(packageFolder) {
  const folder = join(packageFolder, "usr/share/datasets/fashion-mnist");
  const parts = [extract(folder, "train", 600), extract(folder, "t10k", 100)];
  return gzipSync(Buffer.concat([...parts.map((part) => part.labels), ...parts.map((part) => part.images)]), { level: 9 });
}

function extract(folder, prefix, perClass) {
  const images = gunzipSync(readFileSync(join(folder, `${prefix}-images-idx3-ubyte.gz`)));
  const labels = gunzipSync(readFileSync(join(folder, `${prefix}-labels-idx1-ubyte.gz`))).subarray(8);
  if (images.readUInt32BE(0) !== 0x803 || images.readUInt32BE(8) !== 28 || images.readUInt32BE(12) !== 28)
    throw new Error("Not the IDX file that was expected.");
  const taken = new Array(10).fill(0);
  const chosen = [...labels.keys()].filter((i) => taken[labels[i]]++ < perClass);
  return {
    labels: Uint8Array.from(chosen, (i) => labels[i]),
    images: Buffer.concat(chosen.map((i) => images.subarray(16 + i * pixels, 16 + (i + 1) * pixels))),
  };
}
