import { addChannels } from "./conv-filter-narrow";
import { copyImage } from "./conv-image";
import { clearShared, packPanel, panelColumn } from "./gemm-pack";
import { PANELS, panels, setActivation, setInit, setRow, tileHeight } from "./gemm-panels";
import { setRuns } from "./gemm-tile";
import { scratch } from "./scratch";

/**
 * The gradient of a convolution with respect to its kernels as a product: rows are taps and channels of the image, columns the
 * output's channels, terms the output's pixels. The tiles read the image, or a copy of some rows of it with zeros around them.
 *
 * A chunk does some units, images or blocks of rows of one image, for a range of the output's channels and a range of rows; its sums
 * are partial ones if there are several chunks of units.
 *
 * Words: image, gradient of the output, out; images, their height, width, channels; channels, height, width of the output; strides
 * in rows and columns; row and column of the image that a copy begins with, rows that a row of the output sees, pixels of a row of
 * the copy, 0 if the image is read where it is; images in a unit, rows in a unit, units of an image's rows, all units, units in a
 * chunk; output channels in a chunk, chunks they make; taps and channels in a chunk, chunks they make; taps. Then the taps: offset
 * in bytes of the pixel that each sees from the first.
 */
const TAPS: usize = 108;

export function convFilter(args: usize, chunk: i32): void {
  const columnsEach = load<i32>(args, 88);
  const columnBlocks = load<i32>(args, 92);
  const column = (chunk % columnBlocks) * columnsEach;
  const columns = min(columnsEach, load<i32>(args, 28) - column);
  chunk /= columnBlocks;
  const rowsEach = load<i32>(args, 96);
  const rowBlocks = load<i32>(args, 100);
  const all = load<i32>(args, 104) * load<i32>(args, 24);
  const row = (chunk % rowBlocks) * rowsEach;
  const rowEnd = min(row + rowsEach, all);
  chunk /= rowBlocks;
  const unitsEach = load<i32>(args, 84);
  const unit = chunk * unitsEach;
  const end = min(unit + unitsEach, load<i32>(args, 80));

  const out = load<usize>(args, 8) + ((<usize>chunk * <usize>all * load<usize>(args, 28) + <usize>column) << 2);
  setInit(0, columns);
  setActivation(0, 0);
  for (let u = unit; u < end; u++) filterUnit(args, u, out, row, rowEnd, column, columns, u == unit);
}

function filterUnit(args: usize, unit: i32, out: usize, m: i32, mEnd: i32, column: i32, columns: i32, fresh: bool): void {
  const height = load<i32>(args, 16);
  const width = load<i32>(args, 20);
  const channels = load<i32>(args, 24);
  const outChannels = load<usize>(args, 28);
  const outHeight = load<i32>(args, 32);
  const outWidth = load<i32>(args, 36);
  const rowStep = load<i32>(args, 40);
  const lineColumns = load<i32>(args, 60);
  const imagesEach = load<i32>(args, 68);
  const rowsEach = load<i32>(args, 72);
  const rowBlocks = load<i32>(args, 76);
  const image = (unit / rowBlocks) * imagesEach;
  const images = min(imagesEach, load<i32>(args, 12) - image);
  const row = (unit % rowBlocks) * rowsEach;
  const rows = min(rowsEach, outHeight - row);
  const pixels = images * rows * outWidth;

  // The gradient's pixels in a unit lie one after the other.
  const dy = load<usize>(args, 4) + ((<usize>((image * outHeight + row) * outWidth) * outChannels + <usize>column) << 2);
  let to = scratch + PANELS;
  const narrow = columns <= 3;
  if (!narrow) for (let n = 0; n < columns; n += 8) to = packPanel(to, dy + (<usize>panelColumn(n, columns) << 2), pixels, outChannels << 2, 4, min(8, columns));
  if (!narrow && !fresh) clearShared(to - (<usize>pixels << 5), pixels, columns);

  const runs = to;
  to += <usize>(images * rows) << 3;
  const imageSize = <usize>(height * width * channels) << 2;
  let at = load<usize>(args) + <usize>image * imageSize;
  let imageStride = imageSize;
  if (load<i32>(args, 64)) {
    const seen = (rows - 1) * rowStep + load<i32>(args, 56);
    const first = to;
    for (let i = 0; i < images; i++, at += imageSize) {
      to = copyImage(to, at, height, width, channels, row * rowStep + load<i32>(args, 48), load<i32>(args, 52), seen, lineColumns);
    }
    at = first;
    imageStride = <usize>(seen * lineColumns * channels) << 2;
  } else at += <usize>(row * rowStep * width * channels) << 2;

  const line = <usize>(rowStep * lineColumns * channels) << 2;
  let run = runs;
  for (let i = 0; i < images; i++) {
    for (let y = 0; y < rows; y++, run += 8) {
      store<usize>(run, <usize>i * imageStride + <usize>y * line);
      store<i32>(run, outWidth, 4);
    }
  }
  setRuns(runs, images * rows, <usize>(load<i32>(args, 44) * channels) << 2);

  if (narrow) {
    while (m < mEnd) {
      const channel = m % channels;
      const some = min(channels - channel, mEnd - m);
      const x = at + load<usize>(args + TAPS + (<usize>(m / channels) << 2)) + (<usize>channel << 2);
      for (let n: usize = 0; n < <usize>columns; n++) {
        addChannels(x, dy + (n << 2), outChannels << 2, out + ((<usize>m * outChannels + n) << 2), some, fresh);
      }
      m += some;
    }
    return;
  }
  let tap = args + TAPS + (<usize>(m / channels) << 2);
  let channel = m % channels;
  const stride = outChannels << 2;
  let c = out + <usize>m * stride;
  let left = mEnd - m;
  while (left > 0) {
    const tile = tileHeight(left);
    const some = min(tile, left);
    for (let r = 0; r < some; r++, c += stride) {
      setRow(r, at + load<usize>(tap) + (<usize>channel << 2), c);
      if (++channel == channels) {
        channel = 0;
        tap += 4;
      }
    }
    for (let r = some; r < tile; r++) setRow(r, load<usize>(scratch), load<usize>(scratch, 24));
    panels(tile, some, scratch + PANELS, <usize>pixels << 5, columns, fresh, true);
    left -= some;
  }
}
