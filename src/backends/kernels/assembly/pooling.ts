import { chunksOf, shareOf } from "./chunks";

/**
 * The largest or the mean element of each window, channel by channel. Words: from, to, then the geometry: images, height, width and
 * channels of the input, height and width of the output, of the window and of its stride, rows above and columns left
 * of the input. A chunk does consecutive rows of the output.
 */
@inline
export function pool(args: usize, chunk: i32, largest: bool): void {
  const images = load<i32>(args, 8);
  const outHeight = load<i32>(args, 24);
  const chunks = chunksOf(args);
  const end = shareOf(images * outHeight, chunk + 1, chunks);
  for (let row = shareOf(images * outHeight, chunk, chunks); row < end; row++) poolRow(args, row, outHeight, largest);
}

@inline
function poolRow(args: usize, row: i32, outHeight: i32, largest: bool): void {
  const height = load<i32>(args, 12);
  const width = load<i32>(args, 16);
  const channels = load<i32>(args, 20);
  const outWidth = load<i32>(args, 28);
  const windowWidth = load<i32>(args, 36);
  const strideWidth = load<i32>(args, 44);
  const left = load<i32>(args, 52);
  const image = row / outHeight;
  const corner = (row - image * outHeight) * load<i32>(args, 40) - load<i32>(args, 48);
  const top = max(0, corner);
  const rows = min(height, corner + load<i32>(args, 32)) - top;
  const step = <usize>channels << 2;
  const pitch = <usize>width * step;
  const line = load<usize>(args) + <usize>(image * height + top) * pitch;
  let to = load<usize>(args, 4) + <usize>row * outWidth * step;
  for (let column = 0; column < outWidth; column++) {
    const start = column * strideWidth - left;
    const first = max(0, start);
    const columns = min(width, start + windowWidth) - first;
    const from = line + <usize>first * step;
    const share: f32 = <f32>1 / <f32>(rows * columns);
    let c = 0;
    for (; c + 16 <= channels; c += 16) sixteen(from + (c << 2), to + (c << 2), rows, columns, pitch, step, share, largest);
    for (; c + 4 <= channels; c += 4) four(from + (c << 2), to + (c << 2), rows, columns, pitch, step, share, largest);
    if (c < channels && channels >= 4) {
      const last = <usize>(channels - 4) << 2;
      four(from + last, to + last, rows, columns, pitch, step, share, largest);
    } else for (; c < channels; c++) one(from + (c << 2), to + (c << 2), rows, columns, pitch, step, share, largest);
    to += step;
  }
}

@inline
function sixteen(from: usize, to: usize, rows: i32, columns: i32, pitch: usize, step: usize, share: f32, largest: bool): void {
  let a = f32x4.splat(largest ? -Infinity : 0);
  let b = a;
  let c = a;
  let d = a;
  for (let row = 0; row < rows; row++) {
    let p = from;
    for (let column = 0; column < columns; column++) {
      a = join(a, v128.load(p), largest);
      b = join(b, v128.load(p, 16), largest);
      c = join(c, v128.load(p, 32), largest);
      d = join(d, v128.load(p, 48), largest);
      p += step;
    }
    from += pitch;
  }
  v128.store(to, finish(a, share, largest));
  v128.store(to, finish(b, share, largest), 16);
  v128.store(to, finish(c, share, largest), 32);
  v128.store(to, finish(d, share, largest), 48);
}

@inline
function four(from: usize, to: usize, rows: i32, columns: i32, pitch: usize, step: usize, share: f32, largest: bool): void {
  let a = f32x4.splat(largest ? -Infinity : 0);
  for (let row = 0; row < rows; row++) {
    let p = from;
    for (let column = 0; column < columns; column++) {
      a = join(a, v128.load(p), largest);
      p += step;
    }
    from += pitch;
  }
  v128.store(to, finish(a, share, largest));
}

@inline
function one(from: usize, to: usize, rows: i32, columns: i32, pitch: usize, step: usize, share: f32, largest: bool): void {
  let a: f32 = largest ? -Infinity : 0;
  for (let row = 0; row < rows; row++) {
    let p = from;
    for (let column = 0; column < columns; column++) {
      const x = load<f32>(p);
      if (!largest) a += x;
      else if (x > a) a = x;
      p += step;
    }
    from += pitch;
  }
  store<f32>(to, largest ? a : a * share);
}

/** The reference keeps what it has unless the next is larger: so does pmax, for numbers that are not numbers too. */
@inline
function join(a: v128, x: v128, largest: bool): v128 {
  return largest ? f32x4.pmax(a, x) : f32x4.add(a, x);
}

@inline
function finish(a: v128, share: f32, largest: bool): v128 {
  return largest ? a : f32x4.mul(a, f32x4.splat(share));
}
