import { nodeKernels } from "../../src/backends/node.ts";

/** The kernels as they were built for this working tree, from whose root all tests run. */
export const builtKernels = nodeKernels("dist/kernels");
