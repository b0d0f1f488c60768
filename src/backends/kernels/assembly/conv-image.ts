import { copyFloats, zeroFloats } from "./gemm-pack";

/**
 * Copies rows of an image into scratch memory with zeros around them, so that every term of a convolution has an address.
 * @param image the image: `height` rows of `width` pixels of `channels` floats
 * @param top row of the image that the first copied row is, below 0 above the image
 * @param left likewise for columns
 * @param rows to copy
 * @param columns pixels of a copied row
 * @returns the address after the copy
 */
export function copyImage(
  to: usize, image: usize, height: i32, width: i32, channels: i32, top: i32, left: i32, rows: i32, columns: i32,
): usize {
  const first = min(max(0, -left), columns);
  const last = max(first, min(columns, width - left));
  const line = <usize>(width * channels) << 2;
  const before = first * channels;
  const inside = (last - first) * channels;
  const after = (columns - last) * channels;
  for (let y = top; y < top + rows; y++) {
    if (y < 0 || y >= height) zeroFloats(to, before + inside + after);
    else {
      zeroFloats(to, before);
      copyFloats(to + (<usize>before << 2), image + <usize>y * line + (<usize>((left + first) * channels) << 2), inside);
      zeroFloats(to + (<usize>(before + inside) << 2), after);
    }
    to += <usize>(before + inside + after) << 2;
  }
  return to;
}
