import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { convertIndexedToRgb, decode } from "fast-png";

const side = 32;
const perKind = 40;
/** Subcategories of Unicode's emoji list that make each kind, in the order of the labels. */
const kinds = [/^face-(smiling|affection|tongue|neutral|sleepy|unwell|concerned|negative)/, /^animal-/, /^food-/, /^transport-(ground|air|water)/];

/**
 * The first 40 emoji of each of four kinds (faces, animals, food, vehicles), in Unicode's order: all labels (160 bytes), then all pictures,
 * 32 × 32 pixels of red, green, blue, alpha, halved from 64 × 64 with colours weighted by alpha; gzipped.
 */
export function emoji(packageFolder) {
  const listed = JSON.parse(readFileSync(join(packageFolder, "emoji.json"), "utf8")).sort((a, b) => a.sort_order - b.sort_order);
  const chosen = kinds.flatMap((kind, label) =>
    listed
      .filter((one) => one.has_img_google && kind.test(one.subcategory))
      .slice(0, perKind)
      .map((one) => ({ label, file: join(packageFolder, "img/google/64", one.image) })),
  );
  return gzipSync(Buffer.concat([Uint8Array.from(chosen, ({ label }) => label), ...chosen.map(({ file }) => halved(readFileSync(file)))]), {
    level: 9,
  });
}

/** A PNG of 64 × 64 at half its size: each pixel is the mean of four. */
function halved(bytes) {
  const picture = decode(bytes);
  if (picture.width !== 2 * side || picture.height !== 2 * side) throw new Error("Not a picture of 64 × 64 pixels.");
  const data = picture.palette ? convertIndexedToRgb(picture) : picture.data;
  const channels = data.length / (4 * side * side);
  /** Grey or colour, with or without alpha, as red, green, blue, alpha. */
  const pixel = (x, y) => {
    const at = channels * (y * 2 * side + x);
    const [first, ...rest] = data.subarray(at, at + channels);
    const alpha = channels % 2 === 0 ? data[at + channels - 1] : 255;
    return channels < 3 ? [first, first, first, alpha] : [first, rest[0], rest[1], alpha];
  };
  const out = new Uint8Array(4 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const four = [pixel(2 * x, 2 * y), pixel(2 * x + 1, 2 * y), pixel(2 * x, 2 * y + 1), pixel(2 * x + 1, 2 * y + 1)];
      const alpha = four.reduce((sum, colour) => sum + colour[3], 0);
      for (let c = 0; c < 3; c++)
        out[4 * (y * side + x) + c] = alpha === 0 ? 0 : Math.round(four.reduce((sum, colour) => sum + colour[c] * colour[3], 0) / alpha);
      out[4 * (y * side + x) + 3] = Math.round(alpha / 4);
    }
  }
  return out;
}
