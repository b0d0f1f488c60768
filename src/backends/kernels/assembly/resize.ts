import { chunksOf, shareOf } from "./chunks";
import { copyRun, fillRun } from "./copy";

/**
 * Images of another size, each pixel a mixture of four. Words: small side (input or gradient of the input), large side (output or
 * gradient of the output), images, height, width and channels of the small side, height and width of the large side; then for
 * each row of the large side, and for each column, the two of the small side that it lies between and the share of the
 * second, a float. A nearest pixel is its own neighbour, with no share.
 */
export function resize(args: usize, chunk: i32): void {
  const outHeight = load<i32>(args, 24);
  const rows = load<i32>(args, 8) * outHeight;
  const outWidth = load<i32>(args, 28);
  const step = <usize>load<i32>(args, 20) << 2;
  const pitch = <usize>load<i32>(args, 16) * step;
  const size = <usize>load<i32>(args, 12) * pitch;
  const table = args + 32;
  const columns = table + outHeight * 12;
  const chunks = chunksOf(args);
  const end = shareOf(rows, chunk + 1, chunks);
  let row = shareOf(rows, chunk, chunks);
  let to = load<usize>(args, 4) + <usize>row * outWidth * step;
  for (; row < end; row++) {
    const image = row / outHeight;
    const at = table + (row - image * outHeight) * 12;
    const top = load<usize>(args) + image * size + load<u32>(at) * pitch;
    const below = <usize>(load<u32>(at, 4) - load<u32>(at)) * pitch;
    const down = load<f32>(at, 8);
    for (let column = 0; column < outWidth; column++) {
      const entry = columns + column * 12;
      const from = top + load<u32>(entry) * step;
      const right = load<f32>(entry, 8);
      if (down === 0 && right === 0) copyRun(to, from, step);
      else mixture(to, from, below, <usize>(load<u32>(entry, 4) - load<u32>(entry)) * step, down, right, step);
      to += step;
    }
  }
}

@inline
function mixture(to: usize, from: usize, below: usize, beside: usize, down: f32, right: f32, bytes: usize): void {
  const d = f32x4.splat(down);
  const r = f32x4.splat(right);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const p = from + i;
    const a = v128.load(p);
    const c = v128.load(p + below);
    const top = f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(p + beside), a), r));
    const bottom = f32x4.add(c, f32x4.mul(f32x4.sub(v128.load(p + below + beside), c), r));
    v128.store(to + i, f32x4.add(top, f32x4.mul(f32x4.sub(bottom, top), d)));
  }
  for (; i < bytes; i += 4) {
    const p = from + i;
    const a = load<f32>(p);
    const c = load<f32>(p + below);
    const top = a + (load<f32>(p + beside) - a) * right;
    const bottom = c + (load<f32>(p + below + beside) - c) * right;
    store<f32>(to + i, top + (bottom - top) * down);
  }
}

/** A chunk does whole images. */
export function resizeGradient(args: usize, chunk: i32): void {
  const images = load<i32>(args, 8);
  const height = load<i32>(args, 24);
  const width = load<i32>(args, 28);
  const step = <usize>load<i32>(args, 20) << 2;
  const pitch = <usize>load<i32>(args, 16) * step;
  const size = <usize>load<i32>(args, 12) * pitch;
  const table = args + 32;
  const columns = table + height * 12;
  const chunks = chunksOf(args);
  const end = shareOf(images, chunk + 1, chunks);
  for (let image = shareOf(images, chunk, chunks); image < end; image++) {
    const dx = load<usize>(args) + image * size;
    let from = load<usize>(args, 4) + <usize>(image * height * width) * step;
    fillRun(dx, size, 0);
    for (let row = 0; row < height; row++) {
      const at = table + row * 12;
      const top = dx + load<u32>(at) * pitch;
      const bottom = dx + load<u32>(at, 4) * pitch;
      const down = load<f32>(at, 8);
      for (let column = 0; column < width; column++) {
        const entry = columns + column * 12;
        const left = load<u32>(entry) * step;
        const beside = load<u32>(entry, 4) * step;
        const right = load<f32>(entry, 8);
        addShare(top + left, from, (1 - down) * (1 - right), step);
        if (right !== 0) addShare(top + beside, from, (1 - down) * right, step);
        if (down !== 0) addShare(bottom + left, from, down * (1 - right), step);
        if (down !== 0 && right !== 0) addShare(bottom + beside, from, down * right, step);
        from += step;
      }
    }
  }
}

function addShare(to: usize, from: usize, share: f32, bytes: usize): void {
  const four = f32x4.splat(share);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), f32x4.mul(v128.load(from + i), four)));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(to + i) + load<f32>(from + i) * share);
}
