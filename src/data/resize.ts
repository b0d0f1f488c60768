import type { Picture } from "./types.ts";

/**
 * A picture at another size as numbers from 0 to 1, `[height, width, channels]`, over a white ground where it is transparent.
 * Each new pixel is the mean over the area it covers when shrinking, and bilinear between neighbours when growing.
 * @param channels 1 for grey (ITU-R BT.601 luma), 3 for red, green, blue
 */
export function resizePicture(picture: Picture, width: number, height: number, channels: 1 | 3): Float32Array {
  const planes = opaque(picture, channels);
  const across = weights(picture.width, width);
  const down = weights(picture.height, height);
  const narrow = new Float32Array(picture.height * width * channels);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [from, weight] of across[x] as Taps) {
        for (let c = 0; c < channels; c++) {
          const at = (y * width + x) * channels + c;
          narrow[at] = (narrow[at] as number) + weight * (planes[(y * picture.width + from) * channels + c] as number);
        }
      }
    }
  }
  const row = width * channels;
  const out = new Float32Array(height * row);
  for (let y = 0; y < height; y++) {
    for (const [from, weight] of down[y] as Taps) {
      for (let i = 0; i < row; i++) out[y * row + i] = (out[y * row + i] as number) + weight * (narrow[from * row + i] as number);
    }
  }
  return out;
}

type Taps = readonly (readonly [from: number, weight: number])[];

/** Which old samples make each new one: a triangle as wide as the step when shrinking, one sample wide when growing. */
function weights(from: number, to: number): Taps[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale - 0.5;
    const taps = new Map<number, number>();
    for (let j = Math.ceil(centre - reach); j <= Math.floor(centre + reach); j++) {
      const weight = 1 - Math.abs(j - centre) / reach;
      const at = Math.min(Math.max(j, 0), from - 1);
      if (weight > 0) taps.set(at, (taps.get(at) ?? 0) + weight);
    }
    const total = [...taps.values()].reduce((sum, weight) => sum + weight, 0);
    return [...taps].map(([at, weight]) => [at, weight / total] as const);
  });
}

/** The pixels from 0 to 1 over white. */
function opaque({ width, height, data }: Picture, channels: 1 | 3): Float32Array {
  const out = new Float32Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    const alpha = (data[4 * i + 3] as number) / 255;
    const over = (channel: number) => 1 - alpha + (alpha * (data[4 * i + channel] as number)) / 255;
    if (channels === 1) out[i] = isGrey(data, i) ? over(0) : 0.299 * over(0) + 0.587 * over(1) + 0.114 * over(2);
    else for (let c = 0; c < 3; c++) out[3 * i + c] = over(c);
  }
  return out;
}

const isGrey = (data: Picture["data"], pixel: number): boolean => data[4 * pixel] === data[4 * pixel + 1] && data[4 * pixel] === data[4 * pixel + 2];

/** True if no pixel has a colour. */
export function isGreyPicture({ width, height, data }: Picture): boolean {
  for (let i = 0; i < width * height; i++) if (!isGrey(data, i)) return false;
  return true;
}
