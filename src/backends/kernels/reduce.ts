import type { ArgMaxAttrs, CumsumAttrs, DataType, SoftmaxAttrs } from "@tensorflow/tfjs-core";
import * as op from "./assembly/reduce-opcodes.ts";
import { around, axesOf, reducedShape, stagesOf } from "./axes.ts";
import { cut } from "./elementwise-cost.ts";
import { type Buffer, type Emit, float, type Lowering, type Operand, sizeOf } from "./emit.ts";
import { emitGroup } from "./fuse.ts";
import { defineLowering } from "./lowering.ts";

/** Nanoseconds a number that one thread takes to reduce, about, and to take the exponential of. */
const reduceCost = 0.25;
const softmaxCost = 1.5;

/** Rows of a part of a column reduction, and numbers of a part of a row, at least. */
const shortestColumns = 64;
const shortestRow = 4096;

interface Stage {
  readonly outer: number;
  readonly reduced: number;
  readonly inner: number;
}

/** One stage of a reduction, in two commands if there is too little to share otherwise. */
function emitStage(kind: number, { outer, reduced, inner }: Stage, from: Buffer, to: Buffer, factor: number, emit: Emit): void {
  const rows = inner === 1;
  const tiles = rows ? 1 : Math.ceil(inner / op.COLUMNS);
  const results = outer * tiles;
  const { chunks: wanted } = cut(outer * reduced * inner, reduceCost, 1);
  // Enough results to share are shared as they are.
  const most = Math.floor(reduced / (rows ? shortestRow : shortestColumns));
  const parts = results * 2 > wanted ? 1 : Math.max(1, Math.min(most, Math.ceil(wanted / results)));
  const partLength = Math.ceil(reduced / parts);
  const made = Math.ceil(reduced / partLength);
  const units = results * made;
  const perChunk = Math.max(1, Math.ceil(units / wanted));
  const chunks = Math.max(1, Math.ceil(units / perChunk));
  const target = made === 1 ? to : emit.scratch(outer * made * inner * 4);
  const scale = float(made === 1 ? factor : 1);
  if (rows) emit.command(op.REDUCE_ROWS, chunks, kind, units, perChunk, reduced, made, partLength, from, target, scale);
  else emit.command(op.REDUCE_COLUMNS, chunks, kind, outer, reduced, inner, made, partLength, perChunk, from, target, scale);
  if (made > 1) emitStage(kind, { outer, reduced: made, inner }, target, to, factor, emit);
}

interface ReduceAttrs {
  readonly axis?: unknown;
  readonly reductionIndices?: unknown;
  readonly keepDims?: boolean;
}

/** A reduction of float32; `mean` divides by how many numbers there were. */
const reduction = (kind: number, mean = false) =>
  defineLowering<"x", ReduceAttrs>(({ x }, { axis, reductionIndices, keepDims = false }, emit) => {
    const size = sizeOf(x.shape);
    if (x.dtype !== "float32" || size === 0) return undefined;
    const axes = axesOf(axis ?? reductionIndices, x.shape.length);
    const shape = reducedShape(x.shape, axes, keepDims);
    const stages = stagesOf(x.shape, axes);
    if (stages.length === 0) return { ...x, shape };
    const output = emit.output(shape, "float32");
    let from = x.buffer;
    for (const [i, stage] of stages.entries()) {
      const last = i === stages.length - 1;
      const to = last ? output.buffer : emit.scratch(stage.outer * stage.inner * 4);
      emitStage(kind, stage, from, to, last && mean ? sizeOf(shape) / size : 1, emit);
      from = to;
    }
    return output;
  });

/** A reduction of truths: as float32, in which they are 1 and 0, and back. */
const ofTruths = (kind: number, dtype: DataType): Lowering => {
  const reduce = reduction(kind);
  return (inputs, attrs, emit) => {
    const { x } = inputs;
    if (x?.dtype !== "bool" || sizeOf(x.shape) === 0 || sizeOf(x.shape) > 2 ** 24) return undefined;
    const numbers: Operand = { shape: x.shape, dtype: "float32", buffer: emit.scratch(sizeOf(x.shape) * 4) };
    const intoScratch: Emit = {
      output: (shape) => ({ shape, dtype: "float32", buffer: emit.scratch(sizeOf(shape) * 4) }),
      scratch: (bytes) => emit.scratch(bytes),
      command: (...all) => emit.command(...all),
      inPlace: () => {},
    };
    emitGroup([{ name: "Cast", inputs: { x }, attrs: { dtype: "float32" }, output: numbers }], new Set([numbers]), emit);
    const reduced = reduce({ x: numbers }, attrs, intoScratch) as Operand;
    const output = emit.output(reduced.shape, dtype);
    emitGroup([{ name: "Cast", inputs: { x: reduced }, attrs: { dtype }, output }], new Set([output]), emit);
    return output;
  };
};

const either =
  (first: Lowering, second: Lowering): Lowering =>
  (inputs, attrs, emit) =>
    first(inputs, attrs, emit) ?? second(inputs, attrs, emit);

const argExtreme = (smallest: boolean) =>
  defineLowering<"x", ArgMaxAttrs>(({ x }, { axis }, emit) => {
    const [only, ...more] = axesOf(axis, x.shape.length);
    if (x.dtype !== "float32" || only === undefined || more.length > 0 || sizeOf(x.shape) === 0) return undefined;
    const { outer, length, inner } = around(x, only);
    const output = emit.output(reducedShape(x.shape, [only], false), "int32");
    emit.command(op.ARG_EXTREME, 1, smallest ? 1 : 0, outer, length, inner, x.buffer, output.buffer);
    return output;
  });

const runningSum = defineLowering<"x", CumsumAttrs>(({ x }, { axis, exclusive, reverse }, emit) => {
  if (x.dtype !== "float32") return undefined;
  const { outer, length, inner } = around(x, axis);
  const output = emit.output(x.shape, "float32");
  emit.command(op.RUNNING_SUM, 1, outer, length, inner, exclusive ? 1 : 0, reverse ? 1 : 0, x.buffer, output.buffer);
  emit.inPlace(output, x);
  return output;
});

const softmax = defineLowering<"logits", SoftmaxAttrs>(({ logits }, { dim }, emit) => {
  const rank = logits.shape.length;
  const length = logits.shape.at(-1) ?? 1;
  if (logits.dtype !== "float32" || rank === 0 || (dim !== -1 && dim !== rank - 1) || length === 0) return undefined;
  const rows = sizeOf(logits.shape) / length;
  const output = emit.output(logits.shape, "float32");
  const { chunks, perChunk } = cut(rows, Math.max(30, length * softmaxCost), 1);
  emit.command(op.SOFTMAX, chunks, rows, length, perChunk, logits.buffer, output.buffer);
  emit.inPlace(output, logits);
  return output;
});

export const reduceLowerings: Readonly<Record<string, Lowering>> = {
  Sum: either(reduction(op.SUM), ofTruths(op.SUM, "int32")),
  Mean: reduction(op.SUM, true),
  Max: reduction(op.MAX),
  Min: reduction(op.MIN),
  Prod: reduction(op.PROD),
  All: ofTruths(op.MIN, "bool"),
  Any: ofTruths(op.MAX, "bool"),
  ArgMax: argExtreme(false),
  ArgMin: argExtreme(true),
  Cumsum: runningSum,
  Softmax: softmax,
};
