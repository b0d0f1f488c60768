import { type _FusedMatMulAttrs, type BatchMatMulAttrs, broadcast_util } from "@tensorflow/tfjs-core";
import { MATMUL, SUM_PARTS } from "./assembly/product-opcodes.ts";
import { bytesOf, type Emit, float, type Lowering, type Operand, sizeOf } from "./emit.ts";
import { defineLowering } from "./lowering.ts";
import { type Activation, activationOf } from "./product-activation.ts";
import { chunksFor, type ProductSize, planProduct } from "./product-plan.ts";

/** Where the elements of a batch of matrices lie; strides in elements. */
interface Matrices {
  readonly operand: Operand;
  readonly count: number;
  readonly size: number;
  readonly outer: number;
  readonly inner: number;
}

/** What is added and applied before the numbers are stored. */
export interface Epilogue {
  readonly bias?: Operand | undefined;
  readonly activation: Activation;
}

export const plain: Epilogue = { activation: { code: 0, slope: 0 } };

const batchMatMul = defineLowering<"a" | "b", BatchMatMulAttrs>(({ a, b }, attrs, emit) => matMul(a, b, attrs, plain, emit));

const fusedMatMul = defineLowering<"a" | "b" | "bias" | "preluActivationWeights", _FusedMatMulAttrs>(
  ({ a, b, bias }, { transposeA, transposeB, activation, leakyreluAlpha }, emit) => {
    const known = activationOf(activation, leakyreluAlpha);
    const columns = b.shape.at(transposeB ? -2 : -1);
    if (known === undefined || !isRow(bias, columns)) return undefined;
    return matMul(a, b, { transposeA, transposeB }, { bias, activation: known }, emit);
  },
);

/** Whether a bias, if there is one, has one number for each column. */
export const isRow = (bias: Operand | undefined, columns: number | undefined): boolean =>
  bias === undefined || (bias.dtype === "float32" && bias.shape.at(-1) === columns && sizeOf(bias.shape) === columns);

/** tfjs's product: `[…, m, k] · […, k, n]`, either transposed; one batch may be 1 while the other is not. */
export function matMul(a: Operand, b: Operand, { transposeA, transposeB }: BatchMatMulAttrs, epilogue: Epilogue, emit: Emit): Operand | undefined {
  if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const [countA, countB] = [sizeOf(batchA), sizeOf(batchB)];
  if (countA !== countB && countA !== 1 && countB !== 1) return undefined;
  const batch = broadcast_util.assertAndGetBroadcastShape([...batchA], [...batchB]);
  if (sizeOf(batch) !== Math.max(countA, countB)) return undefined;
  const [a0 = 1, a1 = 1] = a.shape.slice(-2);
  const [b0 = 1, b1 = 1] = b.shape.slice(-2);
  const [rows, terms] = transposeA ? [a1, a0] : [a0, a1];
  const columns = transposeB ? b0 : b1;
  const out = emit.output([...batch, rows, columns], "float32");
  // One matrix B for all of A's: their rows are the rows of one product.
  const folded = !transposeA && countB === 1;
  multiply(
    { matrices: folded ? 1 : sizeOf(batch), rows: folded ? rows * countA : rows, columns, terms },
    { operand: a, count: folded ? 1 : countA, size: a0 * a1, outer: transposeA ? 1 : a1, inner: transposeA ? a1 : 1 },
    { operand: b, count: countB, size: b0 * b1, outer: transposeB ? 1 : b1, inner: transposeB ? b1 : 1 },
    epilogue,
    out,
    emit,
  );
  return out;
}

/** Emits a batch of products. @param a by rows (outer) and terms (inner) @param b by terms (outer) and columns (inner) */
export function multiply(size: ProductSize, a: Matrices, b: Matrices, { bias, activation }: Epilogue, out: Operand, emit: Emit): void {
  const { matrices, rows, columns, terms } = size;
  if (matrices * rows * columns === 0) return;
  const plan = planProduct(size, bias === undefined && activation.code === 0, a.outer === 1 ? [64, 48] : [96, 16]);
  const parts = plan.termBlocks > 1 ? emit.scratch(plan.termBlocks * bytesOf(out.shape, "float32")) : undefined;
  emit.command(
    MATMUL,
    Math.ceil(matrices / plan.group) * plan.rowBlocks * plan.columnBlocks * plan.termBlocks,
    ...[a.operand.buffer, b.operand.buffer, bias?.buffer ?? 0, parts ?? out.buffer],
    ...[matrices, rows, columns, terms],
    ...[4 * a.size, 4 * b.size, a.count, b.count],
    ...[4 * a.outer, 4 * a.inner, 4 * b.outer, 4 * b.inner],
    ...[activation.code, float(activation.slope)],
    ...[plan.group, plan.rowBlocks, plan.columnBlocks, plan.termBlocks, plan.termsEach],
  );
  if (parts !== undefined) sumParts(parts, out, plan.termBlocks, emit);
}

/** Adds partial results that lie one after the other. */
export function sumParts(parts: { readonly bytes: number }, out: Operand, count: number, emit: Emit): void {
  const size = sizeOf(out.shape);
  const chunks = chunksFor(0, 4 * size * (count + 1));
  emit.command(SUM_PARTS, chunks, parts, out.buffer, size, count, chunks);
}

export const matMulLowerings: Readonly<Record<string, Lowering>> = { BatchMatMul: batchMatMul, _FusedMatMul: fusedMatMul };
