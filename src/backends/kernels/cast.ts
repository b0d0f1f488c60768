import type { CastAttrs, KernelFunc, TypedArray } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "./backend.ts";

/**
 * A cast in JavaScript. tfjs's own leaves whole numbers as they are when it calls them float32, which only its other JavaScript
 * kernels understand: ours read the memory.
 */
export const castInScript: KernelFunc = ({ inputs, attrs, backend }) => {
  const x = inputs.x as { dataId: object; shape: number[] };
  const { dtype } = attrs as object as CastAttrs;
  const values = (backend as WasmBackend).readSync(x.dataId) as TypedArray;
  return (backend as WasmBackend).makeTensorInfo(x.shape, dtype, converted(values, dtype));
};

function converted(values: TypedArray, dtype: CastAttrs["dtype"]): TypedArray {
  if (dtype === "float32") return Float32Array.from(values);
  if (dtype === "int32") return Int32Array.from(values, Math.trunc);
  if (dtype === "bool") return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  throw new Error(`Numbers cannot be cast to ${dtype}.`);
}
