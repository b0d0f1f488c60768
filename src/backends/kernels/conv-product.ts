import { CONV } from "./assembly/product-opcodes.ts";
import { cachedFloats, copySize, type Frame, frameOf, mostColumns, scratchFloats, type Tap, type Units, unitsOf } from "./conv-geometry.ts";
import { type Buffer, type Emit, float, type Operand } from "./emit.ts";
import type { Epilogue } from "./product.ts";
import { chunksFor } from "./product-plan.ts";

/** Pixels of the output with the same remainders by the stride, which see the same taps. */
export interface Phase {
  readonly rows: number;
  readonly columns: number;
  /** Its first pixel in the output. */
  readonly y: number;
  readonly x: number;
  readonly taps: readonly Tap[];
}

/** A sum over taps and channels of an image, for each pixel and channel of an output. */
export interface Convolution {
  readonly image: Buffer;
  readonly filter: Buffer;
  readonly images: number;
  /** Height, width, channels. */
  readonly input: readonly [number, number, number];
  readonly output: readonly [number, number, number];
  /** Pixels of the output from one pixel of a phase to the next. */
  readonly spacing: readonly [number, number];
  /** Pixels of the image likewise. */
  readonly stride: readonly [number, number];
  /** Floats from one tap, one of the image's channels, one of the output's to the next in the kernels. */
  readonly strides: { readonly tap: number; readonly term: number; readonly column: number };
  readonly phases: readonly Phase[];
}

/** A convolution's parts: each chunk does some units for some of the output's channels. */
interface Plan {
  readonly frame: Frame;
  readonly units: Units;
  readonly unitsEach: number;
  readonly columnsEach: number;
  readonly columnBlocks: number;
}

const padded = (columns: number) => Math.ceil(columns / 8) * 8;

/** Cuts a convolution by its shape; undefined if it does not fit into a thread's scratch memory. */
export function planConvolution({ images, input, output, stride, phases }: Convolution): Plan | undefined {
  const [height, width, channels] = input;
  const [outHeight, outWidth, outChannels] = output;
  const taps = phases.flatMap((phase) => phase.taps);
  const rows = Math.max(...phases.map((phase) => phase.rows));
  const columns = Math.max(...phases.map((phase) => phase.columns));
  const frame = frameOf(taps, [(rows - 1) * stride[0], (columns - 1) * stride[1]], [height, width]);
  const terms = taps.length * channels;
  const pixels = images * outHeight * outWidth;
  const madds = phases.reduce((sum, phase) => sum + phase.rows * phase.columns * phase.taps.length, 0) * images * channels * outChannels;
  const chunks = chunksFor(madds, 4 * (pixels * outChannels + images * height * width * channels + terms * outChannels));

  // Kernels are packed anew by each chunk of pixels, so a chunk has many of these; what is missing to enough chunks is cut by channels.
  const most = Math.min(mostColumns, Math.max(8, Math.floor(131072 / Math.max(1, terms) / 8) * 8));
  const fewest = Math.ceil(outChannels / most);
  const wanted = Math.max(1, Math.min(Math.ceil(chunks / fewest), Math.floor(pixels / 96)));
  const blocks = Math.max(fewest, Math.min(Math.ceil(chunks / wanted), Math.floor(outChannels / 16)));
  const columnsEach = Math.min(outChannels, padded(Math.ceil(outChannels / blocks)));
  const columnBlocks = Math.ceil(outChannels / columnsEach);

  const line = frame.columns * channels;
  const image = ((rows - 1) * stride[0] + frame.span) * line;
  const fitting = (cachedFloats / line - frame.span) / stride[0] + 1;
  const rowsAtOnce = image <= cachedFloats && images >= wanted ? rows : Math.min(fitting, Math.ceil(rows / Math.ceil(wanted / images)));
  const units = unitsOf(images, rows, Math.min(cachedFloats / image, images / wanted), rowsAtOnce);
  if (terms * padded(columnsEach) + copySize(frame, units, stride[0], channels) > scratchFloats) return undefined;
  return { frame, units, unitsEach: Math.ceil(units.count / wanted), columnsEach, columnBlocks };
}

/** Emits a convolution into `out`. */
export function emitConvolution(work: Convolution, plan: Plan, { bias, activation }: Epilogue, out: Operand, emit: Emit): void {
  const { images, input, output, spacing, stride, strides, phases } = work;
  const { frame, units, unitsEach, columnsEach, columnBlocks } = plan;
  emit.command(
    CONV,
    Math.ceil(units.count / unitsEach) * columnBlocks,
    ...[work.image, work.filter, bias?.buffer ?? 0, out.buffer],
    ...[images, ...input, output[2], output[0], output[1]],
    ...[...spacing, ...stride, 4 * strides.term, 4 * strides.column],
    ...[activation.code, float(activation.slope)],
    ...[frame.top, frame.left, frame.span, frame.columns, Number(frame.copied)],
    ...[units.imagesEach, units.rowsEach, units.rowBlocks, units.count, unitsEach],
    ...[columnsEach, columnBlocks, Math.max(...phases.map(({ rows }) => rows)), phases.length],
    ...phases.flatMap((phase) => phaseWords(phase, frame, input[2], strides.tap)),
  );
}

/** A phase's words: taps that see neighbouring pixels make one run. */
function phaseWords({ rows, columns, y, x, taps }: Phase, frame: Frame, channels: number, tapStride: number): number[] {
  const ordered = taps.map((tap) => ({ ...tap, at: (tap.y - frame.top) * frame.columns + tap.x - frame.left })).sort((a, b) => a.at - b.at);
  const runs: { readonly at: number; length: number }[] = [];
  for (const { at } of ordered) {
    const last = runs.at(-1);
    if (last && last.at + last.length === at) last.length++;
    else runs.push({ at, length: 1 });
  }
  return [
    ...[rows, columns, y, x, runs.length, taps.length, taps.length * channels],
    ...runs.flatMap(({ at, length }) => [4 * at * channels, length * channels]),
    ...ordered.map(({ index }) => 4 * index * tapStride),
  ];
}
