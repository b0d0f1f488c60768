import { elementwiseKernels } from "../../backends/kernels/elementwise-kernels.ts";
import type { KernelCall } from "../recording.ts";

/** Each number of the output depends on the numbers at its place. */
export const isElementwise = ({ name, outputs }: KernelCall): boolean => outputs.length === 1 && name in elementwiseKernels;

const quick: ReadonlySet<string> = new Set(
  (
    "All Any ArgMax ArgMin Cast Concat Cumprod Cumsum ExpandDims Fill GatherNd GatherV2 LRN Max Mean Min MirrorPad OneHot OnesLike Pack PadV2 Prod " +
    "Reverse Select Slice Softmax SplitV StridedSlice Sum Tile Transpose Unpack ZerosLike"
  ).split(" "),
);

/** Calls that read and write about as much as they compute: to make them once more costs little. */
export const isCheap = (call: KernelCall): boolean => isElementwise(call) || quick.has(call.name);

/** Kernels that draw numbers of their own: two calls are never the same. */
export const isRandom = ({ name }: KernelCall): boolean => name === "Multinomial";
