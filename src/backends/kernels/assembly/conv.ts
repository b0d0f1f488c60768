import { copyImage } from "./conv-image";
import { packColumn, packPanel, panelColumn } from "./gemm-pack";
import { PANELS, isNarrow, panels, setActivation, setInit, setRow, tileHeight } from "./gemm-panels";
import { setRuns } from "./gemm-tile";
import { scratch } from "./scratch";

/**
 * A convolution as a product: the rows of A are the pixels of the output, their terms what the kernel sees of the image. Nothing
 * is spread out in memory: the tiles read a copy of some rows of the image with zeros around it, or the image itself.
 *
 * The gradient with respect to the image is such a convolution of the output's gradient. With a stride of s it falls into s·s
 * *phases*, the pixels with the same remainders: each is a convolution without a stride, with those taps that meet it.
 *
 * A chunk does some units, images or blocks of rows of one image, for a range of the output's channels.
 *
 * Words: image, kernels, bias (0 for none), out; images, their height, width, channels; channels, height, width of the output;
 * pixels of the output from one row, one column of a phase to the next; pixels of the image likewise; bytes between terms and
 * between columns of the kernels; activation, its slope; row and column of the image that a copy begins with, rows that a row of
 * the output sees, pixels of a row of the copy, 0 if the image is read where it is; images in a unit, rows in a unit, units
 * of an image's rows, all units, units in a chunk; output channels in a chunk, chunks they make; largest number of rows of a
 * phase; phases. Then each phase: rows, columns, first row and column in the output, runs, taps, terms; its runs (offset in bytes,
 * number of terms); its taps (offset in bytes in the kernels).
 */
const PHASES: usize = 132;
const PHASE_HEAD: usize = 28;

export function conv(args: usize, chunk: i32): void {
  const columnsEach = load<i32>(args, 116);
  const columnBlocks = load<i32>(args, 120);
  const column = (chunk % columnBlocks) * columnsEach;
  const columns = min(columnsEach, load<i32>(args, 32) - column);
  const unitsEach = load<i32>(args, 112);
  const unit = (chunk / columnBlocks) * unitsEach;
  const end = min(unit + unitsEach, load<i32>(args, 108));

  const bias = load<usize>(args, 8);
  setInit(bias ? bias + (<usize>column << 2) : 0, columns);
  setActivation(load<i32>(args, 68), load<f32>(args, 72));
  const area = packKernels(args, column, columns);
  for (let u = unit; u < end; u++) convUnit(args, u, area, column, columns);
}

/** Packs the chunk's columns of the kernels, phase by phase. @returns the address after them */
function packKernels(args: usize, column: i32, columns: i32): usize {
  const kernels = load<usize>(args, 4);
  const channels = load<i32>(args, 28);
  const termStride = load<usize>(args, 60);
  const columnStride = load<usize>(args, 64);
  let to = scratch + PANELS;
  let phase = args + PHASES;
  for (let p = load<i32>(args, 128); p > 0; p--) {
    const taps = phase + PHASE_HEAD + (load<usize>(phase, 16) << 3);
    const tapCount = load<usize>(phase, 20);
    if (isNarrow(columns, 4)) {
      const end = to + (load<usize>(phase, 24) << 5);
      for (let n = 0; n < columns; n++) {
        const from = kernels + <usize>(column + n) * columnStride;
        for (let t: usize = 0; t < tapCount; t++) to = packColumn(to, from + load<usize>(taps + (t << 2)), channels, termStride);
      }
      to = end;
    } else for (let n = 0; n < columns; n += 8) {
      const from = kernels + <usize>(column + panelColumn(n, columns)) * columnStride;
      for (let t: usize = 0; t < tapCount; t++) {
        to = packPanel(to, from + load<usize>(taps + (t << 2)), channels, termStride, columnStride, min(8, columns));
      }
    }
    phase = taps + (tapCount << 2);
  }
  return to;
}

function convUnit(args: usize, unit: i32, area: usize, column: i32, columns: i32): void {
  const height = load<i32>(args, 20);
  const width = load<i32>(args, 24);
  const channels = load<i32>(args, 28);
  const rowStep = load<i32>(args, 52);
  const lineColumns = load<i32>(args, 88);
  const imagesEach = load<i32>(args, 96);
  const rowsEach = load<i32>(args, 100);
  const rowBlocks = load<i32>(args, 104);
  const image = (unit / rowBlocks) * imagesEach;
  const imageEnd = min(image + imagesEach, load<i32>(args, 16));
  const row = (unit % rowBlocks) * rowsEach;
  const rowEnd = min(row + rowsEach, load<i32>(args, 124));

  const imageSize = <usize>(height * width * channels) << 2;
  let at = load<usize>(args) + <usize>image * imageSize;
  let imageStride = imageSize;
  if (load<i32>(args, 92)) {
    const rows = (rowEnd - row - 1) * rowStep + load<i32>(args, 84);
    const top = row * rowStep + load<i32>(args, 76);
    let to = area;
    for (let i = image; i < imageEnd; i++, at += imageSize) {
      to = copyImage(to, at, height, width, channels, top, load<i32>(args, 80), rows, lineColumns);
    }
    at = area;
    imageStride = <usize>(rows * lineColumns * channels) << 2;
  } else at += <usize>(row * rowStep * width * channels) << 2;

  let b = scratch + PANELS;
  let phase = args + PHASES;
  for (let p = load<i32>(args, 128); p > 0; p--) {
    const runs = load<i32>(phase, 16);
    const taps = load<i32>(phase, 20);
    const size = load<usize>(phase, 24) << 5;
    setRuns(phase + PHASE_HEAD, runs, 4);
    convPhase(args, phase, at, imageStride, image, imageEnd - image, row, min(rowEnd, load<i32>(phase)) - row, column, columns, b, size);
    b += size * <usize>((columns + 7) >> 3);
    phase += PHASE_HEAD + (<usize>runs << 3) + (<usize>taps << 2);
  }
}

/** All pixels of one phase in a unit. */
function convPhase(
  args: usize, phase: usize, from: usize, imageStride: usize,
  image: i32, images: i32, row: i32, rows: i32, column: i32, columns: i32, b: usize, size: usize,
): void {
  const width = load<i32>(phase, 4);
  if (rows <= 0 || width <= 0) return;
  const pixel = load<usize>(args, 28) << 2;
  const line = load<usize>(args, 88) * pixel;
  const outPixel = load<usize>(args, 32) << 2;
  const outLine = load<usize>(args, 40) * outPixel;
  const outImage = load<usize>(args, 36) * outLine;
  const aColumn = load<usize>(args, 56) * pixel;
  const aRow = load<usize>(args, 52) * line;
  const cColumn = load<usize>(args, 48) * outPixel;
  const cRow = load<usize>(args, 44) * outLine;
  const out = load<usize>(args, 12) + (<usize>column << 2) + <usize>image * outImage +
    (<usize>row * load<usize>(args, 44) + load<usize>(phase, 8)) * outLine + load<usize>(phase, 12) * outPixel;

  let m: usize = 0;
  let y = 0;
  let x = 0;
  let a = from;
  let c = out;
  let left = images * rows * width;
  while (left > 0) {
    const height = tileHeight(left);
    const some = min(height, left);
    for (let r = 0; r < some; r++) {
      setRow(r, a, c);
      a += aColumn;
      c += cColumn;
      if (++x == width) {
        x = 0;
        if (++y == rows) {
          y = 0;
          m++;
        }
        a = from + m * imageStride + <usize>y * aRow;
        c = out + m * outImage + <usize>y * cRow;
      }
    }
    for (let r = some; r < height; r++) setRow(r, load<usize>(scratch), load<usize>(scratch, 24));
    panels(height, some, b, size, columns, true, true);
    left -= some;
  }
}
