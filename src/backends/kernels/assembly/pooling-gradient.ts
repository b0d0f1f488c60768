import { chunksOf, shareOf } from "./chunks";
import { fillRun } from "./copy";

/**
 * Gradients of pooling; a chunk does whole images. Words: gradient of the output, gradient of the input, input and output (of the
 * largest alone), the geometry as in pooling.ts, 1 if the windows lie apart, so that nothing is to be added, 1 if they
 * leave something of the input out.
 */
@inline
export function poolGradient(args: usize, chunk: i32, largest: bool): void {
  const images = load<i32>(args, 16);
  const bytes = <usize>(load<i32>(args, 20) * load<i32>(args, 24) * load<i32>(args, 28)) << 2;
  const apart = load<i32>(args, 64) !== 0;
  const chunks = chunksOf(args);
  const end = shareOf(images, chunk + 1, chunks);
  for (let image = shareOf(images, chunk, chunks); image < end; image++) {
    if (!apart || load<i32>(args, 68) !== 0) fillRun(load<usize>(args, 4) + image * bytes, bytes, 0);
    if (apart) imageGradient(args, image, largest, true);
    else imageGradient(args, image, largest, false);
  }
}

@inline
function imageGradient(args: usize, image: i32, largest: bool, apart: bool): void {
  const height = load<i32>(args, 20);
  const width = load<i32>(args, 24);
  const channels = load<i32>(args, 28);
  const outHeight = load<i32>(args, 32);
  const outWidth = load<i32>(args, 36);
  const windowHeight = load<i32>(args, 40);
  const windowWidth = load<i32>(args, 44);
  const strideHeight = load<i32>(args, 48);
  const strideWidth = load<i32>(args, 52);
  const above = load<i32>(args, 56);
  const left = load<i32>(args, 60);
  const step = <usize>channels << 2;
  const pitch = <usize>width * step;
  const share: f32 = <f32>1 / <f32>(windowHeight * windowWidth);
  const size = <usize>(image * height) * pitch;
  const dx = load<usize>(args, 4) + size;
  // Where the input and the output lie from their gradients on.
  const toInput = load<usize>(args, 8) - load<usize>(args, 4);
  const toOutput = load<usize>(args, 12) - load<usize>(args);
  let dy = load<usize>(args) + <usize>(image * outHeight * outWidth) * step;
  for (let row = 0; row < outHeight; row++) {
    const corner = row * strideHeight - above;
    const top = max(0, corner);
    const rows = min(height, corner + windowHeight) - top;
    for (let column = 0; column < outWidth; column++) {
      const start = column * strideWidth - left;
      const first = max(0, start);
      const columns = min(width, start + windowWidth) - first;
      const at = dx + top * pitch + first * step;
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        const g = v128.load(dy + (c << 2));
        four(g, dy + (c << 2) + toOutput, at + (c << 2), toInput, rows, columns, pitch, step, share, largest, apart);
      }
      if (c < channels && channels >= 4) {
        // The last four channels once more, without those that have been.
        let g = v128.load(dy + ((channels - 4) << 2));
        if (!apart) g = v128.and(g, fresh(channels - c));
        four(g, dy + ((channels - 4) << 2) + toOutput, at + ((channels - 4) << 2), toInput, rows, columns, pitch, step, share, largest, apart);
      } else {
        for (; c < channels; c++) {
          const g = load<f32>(dy + (c << 2));
          one(g, dy + (c << 2) + toOutput, at + (c << 2), toInput, rows, columns, pitch, step, share, largest, apart);
        }
      }
      dy += step;
    }
  }
}

/** Ones in the last `count` of four lanes. */
@inline
function fresh(count: i32): v128 {
  return i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(4 - count));
}

/** Four channels of one window. */
@inline
function four(
  g: v128,
  output: usize,
  at: usize,
  toInput: usize,
  rows: i32,
  columns: i32,
  pitch: usize,
  step: usize,
  share: f32,
  largest: bool,
  apart: bool,
): void {
  const most = largest ? v128.load(output) : f32x4.splat(0);
  // Lanes whose first largest element has not come yet.
  let open = i32x4.splat(-1);
  if (!largest) g = f32x4.mul(g, f32x4.splat(share));
  for (let row = 0; row < rows; row++) {
    let p = at;
    for (let column = 0; column < columns; column++) {
      let part = g;
      if (largest) {
        const hit = v128.and(f32x4.eq(v128.load(p + toInput), most), open);
        open = v128.andnot(open, hit);
        part = v128.and(g, hit);
      }
      v128.store(p, apart ? part : f32x4.add(v128.load(p), part));
      p += step;
    }
    at += pitch;
  }
}

/** One channel of one window. */
@inline
function one(
  g: f32,
  output: usize,
  at: usize,
  toInput: usize,
  rows: i32,
  columns: i32,
  pitch: usize,
  step: usize,
  share: f32,
  largest: bool,
  apart: bool,
): void {
  const most: f32 = largest ? load<f32>(output) : 0;
  let open = true;
  if (!largest) g *= share;
  for (let row = 0; row < rows; row++) {
    let p = at;
    for (let column = 0; column < columns; column++) {
      let part = g;
      if (largest) {
        const hit = open && load<f32>(p + toInput) === most;
        if (hit) open = false;
        else part = 0;
      }
      store<f32>(p, apart ? part : load<f32>(p) + part);
      p += step;
    }
    at += pitch;
  }
}
