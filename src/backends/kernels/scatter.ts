import { backend_util, type ScatterNdAttrs, type SparseToDenseAttrs } from "@tensorflow/tfjs-core";
import { GATHER_ND, SCATTER } from "./assembly/index-opcodes.ts";
import { FILL } from "./assembly/move-opcodes.ts";
import { chunksFor } from "./chunks.ts";
import { type Emit, type Lowering, type Operand, sizeOf } from "./emit.ts";
import { defineLowering } from "./lowering.ts";
import { emitCopy } from "./strided.ts";
import { infoOf } from "./view.ts";

/** Elements at indices of several axes; an index out of range gives zeros. */
const gatherNd = defineLowering<"params" | "indices", object>(({ params, indices }, _attrs, emit) => {
  if (params.dtype === "bool" || indices.dtype !== "int32" || sizeOf(params.shape) === 0) return undefined;
  const [shape, rows, sliceSize, strides] = backend_util.prepareAndValidate(infoOf(params), infoOf(indices));
  const output = emit.output(shape, params.dtype);
  if (sizeOf(shape) === 0) return output;
  const rank = indices.shape.at(-1) as number;
  emit.command(
    GATHER_ND,
    Math.min(rows, chunksFor(sizeOf(shape) * 4)),
    ...[params.buffer, indices.buffer, output.buffer, sliceSize * 4, rows, rank, sizeOf(params.shape) / sliceSize],
    ...strides.slice(0, rank),
  );
  return output;
});

type What = "write" | "add";

/** Writes or adds rows at their places in `output`, whose numbers are set; an index out of range is left out. */
function emitScatter(emit: Emit, updates: Operand, indices: Operand, output: Operand, what: What): void {
  const shape = [...output.shape];
  const { sliceRank, numUpdates, sliceSize, strides, outputSize } = backend_util.calculateShapes(infoOf(updates), infoOf(indices), shape);
  const code = what === "write" ? 0 : output.dtype === "float32" ? 1 : 2;
  emit.command(
    SCATTER,
    1,
    ...[updates.buffer, indices.buffer, output.buffer, sliceSize * 4, numUpdates, outputSize / sliceSize],
    ...[code, updates.shape.length === 0 ? 0 : 1, sliceRank],
    ...strides.slice(0, sliceRank),
  );
}

const isKnown = (updates: Operand, indices: Operand, shape: readonly number[]): boolean =>
  updates.dtype !== "bool" && indices.dtype === "int32" && sizeOf(shape) > 0;

const scatterNd = defineLowering<"indices" | "updates", ScatterNdAttrs>(({ indices, updates }, { shape }, emit) => {
  if (!isKnown(updates, indices, shape) || updates.shape.length === 0) return undefined;
  const output = emit.output(shape, updates.dtype);
  emit.command(FILL, chunksFor(sizeOf(shape) * 4), output.buffer, sizeOf(shape), 0);
  emitScatter(emit, updates, indices, output, "add");
  return output;
});

const tensorScatterUpdate = defineLowering<"tensor" | "indices" | "updates", object>(({ tensor, indices, updates }, _attrs, emit) => {
  if (!isKnown(updates, indices, tensor.shape) || tensor.dtype !== updates.dtype) return undefined;
  const output = emit.output(tensor.shape, tensor.dtype);
  const axes = [{ extent: sizeOf(tensor.shape), from: 1, to: 1 }];
  emitCopy(emit, { buffer: tensor.buffer, offset: 0 }, { buffer: output.buffer, offset: 0 }, axes, 4);
  emitScatter(emit, updates, indices, output, "write");
  return output;
});

const sparseToDense = defineLowering<"sparseIndices" | "sparseValues" | "defaultValue", SparseToDenseAttrs>(
  ({ sparseIndices, sparseValues, defaultValue }, { outputShape }, emit) => {
    if (!isKnown(sparseValues, sparseIndices, outputShape) || defaultValue.dtype !== sparseValues.dtype) return undefined;
    const output = emit.output(outputShape, sparseValues.dtype);
    const axes = [{ extent: sizeOf(outputShape), from: 0, to: 1 }];
    emitCopy(emit, { buffer: defaultValue.buffer, offset: 0 }, { buffer: output.buffer, offset: 0 }, axes, 4);
    emitScatter(emit, sparseValues, sparseIndices, output, "write");
    return output;
  },
);

export const scatterLowerings: Readonly<Record<string, Lowering>> = {
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: tensorScatterUpdate,
  SparseToDense: sparseToDense,
};
