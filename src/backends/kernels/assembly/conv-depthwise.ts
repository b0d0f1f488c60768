import { chunksOf, shareOf } from "./chunks";
import { zeroFloats } from "./gemm-pack";
import { activate, isActive, setActivation } from "./gemm-panels";
import { scratch } from "./scratch";
import { madd } from "./simd";

/**
 * Depthwise convolutions, y[p, q, c·m + μ] = Σ x[p·s + i·d − top, q·s + j·d − left, c] · ω[i, j, c, μ], and their gradients.
 * For every pixel those taps that see one are listed in the thread's scratch memory; then channels are summed up four and four.
 * A chunk is a range of rows of all images.
 *
 * Words: from, kernels (or the output's gradient), bias (0 for none), to; images; height, width, channels of the image; kernels a
 * channel; height, width of the output; of the kernels; strides; dilations; rows and columns of padding before; activation, slope.
 */
const LIST: usize = 8192;

let height: i32 = 0;
let width: i32 = 0;
let channels: i32 = 0;
let multiplier: i32 = 0;
let outHeight: i32 = 0;
let outWidth: i32 = 0;
let kernelHeight: i32 = 0;
let kernelWidth: i32 = 0;
let strideY: i32 = 0;
let strideX: i32 = 0;
let dilationY: i32 = 0;
let dilationX: i32 = 0;
let top: i32 = 0;
let left: i32 = 0;

function read(args: usize): void {
  height = load<i32>(args, 20);
  width = load<i32>(args, 24);
  channels = load<i32>(args, 28);
  multiplier = load<i32>(args, 32);
  outHeight = load<i32>(args, 36);
  outWidth = load<i32>(args, 40);
  kernelHeight = load<i32>(args, 44);
  kernelWidth = load<i32>(args, 48);
  strideY = load<i32>(args, 52);
  strideX = load<i32>(args, 56);
  dilationY = load<i32>(args, 60);
  dilationX = load<i32>(args, 64);
  top = load<i32>(args, 68);
  left = load<i32>(args, 72);
}

/** The output, or the image's gradient. */
export function depthwise(args: usize, chunk: i32, backwards: bool): void {
  read(args);
  const from = load<usize>(args);
  const kernels = load<usize>(args, 4);
  const bias = load<usize>(args, 8);
  const inputs = channels * (backwards ? multiplier : 1);
  const outputs = channels * (backwards ? 1 : multiplier);
  const rows = backwards ? height : outHeight;
  const columns = backwards ? width : outWidth;
  const seen = backwards ? outHeight * outWidth : height * width;
  setActivation(load<i32>(args, 76), load<f32>(args, 80));
  const all = load<i32>(args, 16) * rows;
  const chunks = chunksOf(args);
  const end = shareOf(all, chunk + 1, chunks);
  let row = shareOf(all, chunk, chunks);
  let to = load<usize>(args, 12) + (<usize>row * <usize>columns * <usize>outputs << 2);
  for (; row < end; row++) {
    const image = from + (<usize>(row / rows) * <usize>seen * <usize>inputs << 2);
    for (let x = 0; x < columns; x++, to += <usize>outputs << 2) {
      const list = backwards ? listBehind(image, kernels, row % rows, x) : listAhead(image, kernels, row % rows, x);
      if (multiplier == 1) sum(to, bias, list);
      else if (backwards) sumKernels(to, list);
      else spread(to, bias, list);
      if (isActive()) activate(to, outputs);
    }
  }
}

/** Lists the pixels that a pixel of the output sees, each with its tap. @returns the end of the list */
function listAhead(image: usize, kernels: usize, row: i32, column: i32): usize {
  let list = scratch + LIST;
  const tap = <usize>(channels * multiplier) << 2;
  for (let i = 0; i < kernelHeight; i++) {
    const y = row * strideY + i * dilationY - top;
    if (y < 0 || y >= height) continue;
    for (let j = 0; j < kernelWidth; j++) {
      const x = column * strideX + j * dilationX - left;
      if (x < 0 || x >= width) continue;
      store<usize>(list, image + (<usize>((y * width + x) * channels) << 2));
      store<usize>(list, kernels + <usize>(i * kernelWidth + j) * tap, 4);
      list += 8;
    }
  }
  return list;
}

/** Lists the pixels of the output that see a pixel of the image, each with its tap; there is no dilation. */
function listBehind(gradient: usize, kernels: usize, row: i32, column: i32): usize {
  let list = scratch + LIST;
  const tap = <usize>(channels * multiplier) << 2;
  // Only every stride-th tap meets a pixel of the output; the later the tap, the earlier the pixel.
  const firstColumn = (column + left) % strideX;
  const lastX = (column + left) / strideX;
  let i = (row + top) % strideY;
  let y = (row + top) / strideY;
  for (; i < kernelHeight && y >= 0; i += strideY, y--) {
    if (y >= outHeight) continue;
    const line = gradient + <usize>(y * outWidth) * tap;
    let x = lastX;
    for (let j = firstColumn; j < kernelWidth && x >= 0; j += strideX, x--) {
      if (x >= outWidth) continue;
      store<usize>(list, line + <usize>x * tap);
      store<usize>(list, kernels + <usize>(i * kernelWidth + j) * tap, 4);
      list += 8;
    }
  }
  return list;
}

/** One kernel a channel: Σ a[c] · ω[c]. */
function sum(to: usize, bias: usize, end: usize): void {
  const size = <usize>channels << 2;
  let c: usize = 0;
  for (; c + 64 <= size; c += 64) {
    let first = bias ? v128.load(bias + c) : f32x4.splat(0);
    let second = bias ? v128.load(bias + c, 16) : f32x4.splat(0);
    let third = bias ? v128.load(bias + c, 32) : f32x4.splat(0);
    let fourth = bias ? v128.load(bias + c, 48) : f32x4.splat(0);
    for (let list = scratch + LIST; list < end; list += 8) {
      const a = load<usize>(list) + c;
      const w = load<usize>(list, 4) + c;
      first = madd(v128.load(a), v128.load(w), first);
      second = madd(v128.load(a, 16), v128.load(w, 16), second);
      third = madd(v128.load(a, 32), v128.load(w, 32), third);
      fourth = madd(v128.load(a, 48), v128.load(w, 48), fourth);
    }
    v128.store(to + c, first);
    v128.store(to + c, second, 16);
    v128.store(to + c, third, 32);
    v128.store(to + c, fourth, 48);
  }
  for (; c + 32 <= size; c += 32) {
    let low = bias ? v128.load(bias + c) : f32x4.splat(0);
    let high = bias ? v128.load(bias + c, 16) : f32x4.splat(0);
    for (let list = scratch + LIST; list < end; list += 8) {
      const a = load<usize>(list) + c;
      const w = load<usize>(list, 4) + c;
      low = madd(v128.load(a), v128.load(w), low);
      high = madd(v128.load(a, 16), v128.load(w, 16), high);
    }
    v128.store(to + c, low);
    v128.store(to + c, high, 16);
  }
  for (; c < size; c += 4) {
    let total = bias ? load<f32>(bias + c) : <f32>0;
    for (let list = scratch + LIST; list < end; list += 8) total += load<f32>(load<usize>(list) + c) * load<f32>(load<usize>(list, 4) + c);
    store<f32>(to + c, total);
  }
}

/** Several kernels a channel, forwards: Σ a[c] · ω[c, μ]. */
function spread(to: usize, bias: usize, end: usize): void {
  let q: usize = 0;
  for (let c: usize = 0; c < <usize>channels; c++) {
    let m = 0;
    for (; m + 4 <= multiplier; m += 4, q += 16) {
      let total = bias ? v128.load(bias + q) : f32x4.splat(0);
      for (let list = scratch + LIST; list < end; list += 8) {
        total = madd(v128.load_splat<f32>(load<usize>(list) + (c << 2)), v128.load(load<usize>(list, 4) + q), total);
      }
      v128.store(to + q, total);
    }
    for (; m < multiplier; m++, q += 4) {
      let total = bias ? load<f32>(bias + q) : <f32>0;
      for (let list = scratch + LIST; list < end; list += 8) total += load<f32>(load<usize>(list) + (c << 2)) * load<f32>(load<usize>(list, 4) + q);
      store<f32>(to + q, total);
    }
  }
}

/** Several kernels a channel, backwards: Σ a[c, μ] · ω[c, μ]. */
function sumKernels(to: usize, end: usize): void {
  let q: usize = 0;
  for (let c: usize = 0; c < <usize>channels; c++) {
    let total: f32 = 0;
    for (let m = 0; m < multiplier; m++, q += 4) {
      for (let list = scratch + LIST; list < end; list += 8) total += load<f32>(load<usize>(list) + q) * load<f32>(load<usize>(list, 4) + q);
    }
    store<f32>(to + (c << 2), total);
  }
}

/** Adds the share of some rows of the output to the kernels' gradient; each chunk has its own sums. */
export function depthwiseFilter(args: usize, chunk: i32): void {
  read(args);
  const chunks = chunksOf(args);
  const kernels = channels * multiplier;
  const size = kernelHeight * kernelWidth * kernels;
  const sums = load<usize>(args, 12) + (<usize>chunk * <usize>size << 2);
  zeroFloats(sums, size);
  const all = load<i32>(args, 16) * outHeight;
  const end = shareOf(all, chunk + 1, chunks);
  for (let row = shareOf(all, chunk, chunks); row < end; row++) {
    const image = load<usize>(args) + (<usize>(row / outHeight) * <usize>height * <usize>width * <usize>channels << 2);
    const gradient = load<usize>(args, 4) + (<usize>row * <usize>outWidth * <usize>kernels << 2);
    for (let i = 0; i < kernelHeight; i++) {
      const y = (row % outHeight) * strideY + i * dilationY - top;
      if (y < 0 || y >= height) continue;
      for (let j = 0; j < kernelWidth; j++) {
        // Columns p of the output with 0 ≤ p · s + shift < width.
        const shift = j * dilationX - left;
        const first = shift < 0 ? (strideX - 1 - shift) / strideX : 0;
        const last = width > shift ? min(outWidth, (width - 1 - shift) / strideX + 1) : 0;
        if (first >= last) continue;
        const a = image + (<usize>((y * width + first * strideX + shift) * channels) << 2);
        const g = gradient + (<usize>(first * kernels) << 2);
        const to = sums + (<usize>((i * kernelWidth + j) * kernels) << 2);
        if (multiplier == 1) addTap(to, a, g, last - first);
        else addTaps(to, a, g, last - first);
      }
    }
  }
}

/** One kernel a channel: adds Σ a[p, c] · g[p, c] over some pixels of a row. */
function addTap(to: usize, a: usize, g: usize, pixels: i32): void {
  const size = <usize>channels << 2;
  const step = size * <usize>strideX;
  let c: usize = 0;
  for (; c + 32 <= size; c += 32) {
    let low = v128.load(to + c);
    let high = v128.load(to + c, 16);
    let x = a + c;
    let y = g + c;
    for (let p = 0; p < pixels; p++, x += step, y += size) {
      low = madd(v128.load(x), v128.load(y), low);
      high = madd(v128.load(x, 16), v128.load(y, 16), high);
    }
    v128.store(to + c, low);
    v128.store(to + c, high, 16);
  }
  for (; c < size; c += 4) {
    let total = load<f32>(to + c);
    let x = a + c;
    let y = g + c;
    for (let p = 0; p < pixels; p++, x += step, y += size) total += load<f32>(x) * load<f32>(y);
    store<f32>(to + c, total);
  }
}

/** Several kernels a channel: adds Σ a[p, c] · g[p, c, μ]. */
function addTaps(to: usize, a: usize, g: usize, pixels: i32): void {
  const step = <usize>(channels * strideX) << 2;
  const size = <usize>(channels * multiplier) << 2;
  let q: usize = 0;
  for (let c: usize = 0; c < <usize>channels; c++) {
    for (let m = 0; m < multiplier; m++, q += 4) {
      let total = load<f32>(to + q);
      let x = a + (c << 2);
      let y = g + q;
      for (let p = 0; p < pixels; p++, x += step, y += size) total += load<f32>(x) * load<f32>(y);
      store<f32>(to + q, total);
    }
  }
}
