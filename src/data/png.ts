import { decode, hasPngSignature } from "fast-png";
import { Unzlib } from "fflate";
import type { Picture } from "./types.ts";
import { boundedInflate } from "./zip.ts";

/** Longest side of a picture that is decoded. */
const longestSide = 8192;
/** Most pixels of a picture that is decoded. */
const mostPixels = 16_000_000;

export const isPng = (bytes: Uint8Array): boolean => bytes.length > 33 && hasPngSignature(bytes);

/**
 * Decodes a PNG of any colour type and depth to 8-bit red, green, blue, alpha.
 * @throws Error with a reason if it is damaged, too large, or unpacks to more than its header states
 */
export function decodePng(bytes: Uint8Array): Picture {
  const chunks = essentialChunks(bytes);
  checkSize(bytes, chunks);
  const { width, height, depth, channels, data: packed, palette } = decode(reassemble(bytes, chunks));
  const values = depth < 8 ? unpackBits(packed, width, height, depth) : packed;
  const scale = 255 / (2 ** depth - 1);
  const sample = (at: number) => Math.round((values[at] ?? 0) * scale);
  const data = new Uint8Array(4 * width * height);
  for (let i = 0, at = 0; i < width * height; i++, at += channels) {
    if (palette) data.set(palette[values[at] as number] ?? [], 4 * i);
    else if (channels < 3) data.fill(sample(at), 4 * i, 4 * i + 3);
    else for (let c = 0; c < 3; c++) data[4 * i + c] = sample(at + c);
    if (palette) data[4 * i + 3] = palette[values[at] as number]?.[3] ?? 255;
    else data[4 * i + 3] = channels % 2 === 0 ? sample(at + channels - 1) : 255;
  }
  return { width, height, data };
}

/** The chunks that make the picture, in order. Others (profiles, texts) may hide bombs of their own and are never looked at. */
interface Chunk {
  readonly type: number;
  readonly from: number;
  readonly to: number;
}
const chunkTypes = { IHDR: 0x49484452, PLTE: 0x504c5445, tRNS: 0x74524e53, IDAT: 0x49444154, IEND: 0x49454e44 } as const;

function essentialChunks(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known: readonly number[] = Object.values(chunkTypes);
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const to = at + 12 + view.getUint32(at);
    const type = view.getUint32(at + 4);
    if (to > bytes.length) break;
    if (known.includes(type)) chunks.push({ type, from: at, to });
    if (type === chunkTypes.IEND) return chunks;
    at = to;
  }
  throw new Error("it is cut short");
}

const reassemble = (bytes: Uint8Array, chunks: readonly Chunk[]): Uint8Array =>
  join([bytes.subarray(0, 8), ...chunks.map(({ from, to }) => bytes.subarray(from, to))]);

/** Reads the header and inflates the pixels once with a bound, as the decoder itself has none. */
function checkSize(bytes: Uint8Array, chunks: readonly Chunk[]): void {
  const header = chunks[0];
  if (header?.type !== chunkTypes.IHDR || header.to - header.from !== 25) throw new Error("it has no header");
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.from + 8, 13);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  if (width === 0 || height === 0) throw new Error("it has no pixels");
  if (width > longestSide || height > longestSide || width * height > mostPixels) throw new Error(`its ${width} × ${height} pixels are too many`);
  const depth = view.getUint8(8);
  const channels = [1, 0, 3, 1, 2, 0, 4][view.getUint8(9)] ?? 0;
  const interlaced = view.getUint8(12) === 1;
  if (interlaced && depth < 8) throw new Error("it is interlaced with fewer than 8 bits a pixel, which is not read");
  const rowBytes = (columns: number) => (columns > 0 ? 1 + Math.ceil((columns * channels * depth) / 8) : 0);
  const size = interlaced ? interlacedSize(width, height, rowBytes) : height * rowBytes(width);
  const pixels = chunks.filter(({ type }) => type === chunkTypes.IDAT).map(({ from, to }) => bytes.subarray(from + 8, to - 4));
  boundedInflate(new Unzlib(), join(pixels), size);
}

/** The seven passes of Adam7: first column, first row, column step, row step. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

const interlacedSize = (width: number, height: number, rowBytes: (columns: number) => number): number =>
  adam7.reduce((sum, [x, y, dx, dy]) => sum + Math.ceil(Math.max(0, height - y) / dy) * rowBytes(Math.ceil(Math.max(0, width - x) / dx)), 0);

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let to = 0;
  for (const part of parts) {
    out.set(part, to);
    to += part.length;
  }
  return out;
}

/** Grey levels or palette indices of 1, 2 or 4 bits, rows padded to whole bytes, as one number each. */
function unpackBits(packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = packed[Math.floor(i / width) * rowBytes + (bit >> 3)] as number;
    return (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  });
}
