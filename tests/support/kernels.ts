import { nodeKernels } from "../../src/backends/node-kernels.ts";

/** The kernels as they were built for this working tree. */
export const builtKernels = nodeKernels(new URL("../../dist/kernels/", import.meta.url));
