import { gunzip } from "../gunzip.ts";
import type { DataReader } from "../types.ts";
import type { Paint } from "./picture.ts";

/** Emoji with their exact outlines: 160 of Noto's, 40 of each kind. */

export const emojiKinds = ["face", "animal", "food", "vehicle"] as const;

/** 32 × 32 pixels of red, green, blue, alpha. */
export interface Emoji {
  /** Index into `emojiKinds`. */
  readonly kind: number;
  readonly pixels: Uint8Array;
}

const side = 32;
const bytes = 4 * side * side;

/** All emoji of the bundled file: labels stand first, then all pictures. */
export async function readEmoji(reader: DataReader): Promise<readonly Emoji[]> {
  const file = await gunzip(reader.bundled("emoji.bin.gz"));
  const count = file.length / (1 + bytes);
  return Array.from({ length: count }, (_, i) => ({ kind: file[i] as number, pixels: file.subarray(count + i * bytes, count + (i + 1) * bytes) }));
}

/** Where an emoji is laid down: centre and side in pixels, turned by an angle in radians, mirrored or not. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly angle: number;
  readonly mirrored: boolean;
}

/** An emoji as something to paint: bilinear between its pixels, colours weighted by alpha. */
export function placed({ pixels }: Emoji, { x, y, side: shown, angle, mirrored }: Placement): Paint {
  const scale = side / shown;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const reach = Math.SQRT1_2 * shown + 1;
  return (px, py) => {
    const [dx, dy] = [px + 0.5 - x, py + 0.5 - y];
    if (Math.abs(dx) > reach || Math.abs(dy) > reach) return undefined;
    const across = cos * dx + sin * dy;
    return sample(pixels, (mirrored ? -across : across) + side / 2 - 0.5, cos * dy - sin * dx + side / 2 - 0.5);
  };
}

function sample(pixels: Uint8Array, x: number, y: number): ReturnType<Paint> {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  let cover = 0;
  const colour: [number, number, number] = [0, 0, 0];
  for (const [i, j] of corners) {
    const [column, row] = [left + i, top + j];
    if (column < 0 || row < 0 || column >= side || row >= side) continue;
    const at = 4 * (row * side + column);
    const weight = ((1 - Math.abs(x - column)) * (1 - Math.abs(y - row)) * (pixels[at + 3] as number)) / 255;
    cover += weight;
    for (let c = 0; c < 3; c++) colour[c] = (colour[c] as number) + (weight * (pixels[at + c] as number)) / 255;
  }
  if (cover <= 0) return undefined;
  return { cover, colour: [colour[0] / cover, colour[1] / cover, colour[2] / cover] };
}
const corners = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;
