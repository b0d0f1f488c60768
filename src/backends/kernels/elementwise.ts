import { elementwiseKernels } from "./elementwise-kernels.ts";
import type { Lowering } from "./emit.ts";
import { emitGroup, fusible } from "./fuse.ts";

/** Each elementwise kernel as a group of its own. */
export const elementwiseLowerings: Readonly<Record<string, Lowering>> = Object.fromEntries(
  Object.keys(elementwiseKernels).map((name): [string, Lowering] => [
    name,
    (inputs, attrs, emit) => {
      if (name === "Cast" && inputs.x?.dtype === attrs.dtype) return inputs.x;
      const result = fusible(name, inputs, attrs);
      if (result === undefined) return undefined;
      const output = emit.output(result.shape, result.dtype);
      emitGroup([{ name, inputs, attrs, output }], new Set([output]), emit);
      return output;
    },
  ]),
);
