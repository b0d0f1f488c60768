import { backend_util } from "@tensorflow/tfjs-core";
import type { Operand } from "./emit.ts";

/** What tfjs's convolutions say of themselves. */
export interface ConvAttrs {
  readonly strides: [number, number] | number;
  readonly dilations?: [number, number] | number;
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

export type ConvInfo = backend_util.Conv2DInfo;

/** Sizes of a convolution; undefined if channels do not come last, or something is empty. */
export function convInfo(
  image: readonly number[],
  filter: readonly number[],
  attrs: ConvAttrs,
  dilations: [number, number] | number,
  depthwise = false,
): ConvInfo | undefined {
  const { strides, pad, dataFormat, dimRoundingMode } = attrs;
  if (dataFormat === "NCHW") return undefined;
  const info = backend_util.computeConv2DInfo([...image] as Shape4, [...filter] as Shape4, strides, dilations, pad, dimRoundingMode, depthwise);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  return [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels].every((n) => n > 0) ? info : undefined;
}

type Shape4 = [number, number, number, number];

export const areFloats = (...operands: readonly Operand[]): boolean => operands.every(({ dtype }) => dtype === "float32");

/** A tap of a kernel: the pixel that it sees from a pixel of the output, and which of the kernel's taps it is. */
export interface Tap {
  readonly y: number;
  readonly x: number;
  readonly index: number;
}

/** Rows and columns that a copy of the image must have, so that every tap sees a number. */
export interface Frame {
  /** Where the copy begins in the image; below 0 outside. */
  readonly top: number;
  readonly left: number;
  /** Rows seen from one row of the output. */
  readonly span: number;
  /** Pixels in a row of the copy. */
  readonly columns: number;
  /** False if the image itself will do. */
  readonly copied: boolean;
}

/** @param reach where the last row and column of the output stand in the image: (rows − 1) · stride */
export function frameOf(taps: readonly Tap[], reach: readonly [number, number], [height, width]: readonly [number, number]): Frame {
  const [ys, xs] = [taps.map(({ y }) => y), taps.map(({ x }) => x)];
  const [top, bottom] = [Math.min(0, ...ys), Math.max(0, ...ys)];
  const [left, right] = [Math.min(0, ...xs), Math.max(0, ...xs)];
  const inside = top === 0 && left === 0 && reach[0] + bottom < height && reach[1] + right < width;
  return { top, left, span: bottom - top + 1, columns: inside ? width : reach[1] + right - left + 1, copied: !inside };
}

/** Images, or blocks of rows of one image, that a thread has at hand at once. */
export interface Units {
  readonly imagesEach: number;
  readonly rowsEach: number;
  readonly rowBlocks: number;
  readonly count: number;
}

/**
 * @param most images of a unit
 * @param rowsAtOnce most rows of a unit
 */
export function unitsOf(images: number, rows: number, most: number, rowsAtOnce: number): Units {
  const rowsEach = Math.max(1, Math.min(rows, Math.floor(rowsAtOnce)));
  const rowBlocks = Math.ceil(rows / rowsEach);
  const imagesEach = rowBlocks > 1 ? 1 : Math.max(1, Math.min(images, Math.floor(most)));
  return { imagesEach, rowsEach, rowBlocks, count: Math.ceil(images / imagesEach) * rowBlocks };
}

/** Floats of a unit's copy of the image. */
export const copySize = ({ span, columns, copied }: Frame, { imagesEach, rowsEach }: Units, stride: number, channels: number): number =>
  copied ? imagesEach * ((rowsEach - 1) * stride + span) * columns * channels : 0;

/** Floats of a thread's scratch memory that a convolution may fill. */
export const scratchFloats = (2 ** 20 - 8192) / 4;
/** Floats of the image that a thread reads again and again: a quarter of a mebibyte. */
export const cachedFloats = 65536;
/** Channels of the output that a chunk may do at once. */
export const mostColumns = 1024;
