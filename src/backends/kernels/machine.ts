import { createHeap, type Heap } from "./heap.ts";

/**
 * The compiled kernels over one shared memory, with their threads.
 */
export interface Machine {
  readonly heap: Heap;
  /** Threads that carry out commands, the caller's among them. */
  readonly threads: number;
  /** True if the kernels use relaxed SIMD: fused multiply–add where the processor has it. */
  readonly relaxed: boolean;
  /** Carries out commands that lie in the memory one after the other. */
  run(address: number, count: number): void;
  /** Ends the threads. */
  dispose(): void;
}

/** What a helper thread is given; thread.js is its other side. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of its scratch memory. */
  readonly scratch: number;
}

/** How the kernels are had here: node.ts has Node's answer, the page's worker has its own. */
export interface KernelSource {
  /** Processors of this machine. */
  readonly cores: number;
  /** The bytes of `simd.wasm` or `relaxed.wasm`. */
  load(variant: "simd" | "relaxed"): Promise<BufferSource>;
  /** Starts `thread.js`. Left out where threads cannot be had. */
  readonly spawn?: (data: ThreadData) => { terminate(): unknown };
}

interface Exports {
  readonly run: (address: number, count: number) => void;
  readonly scratch: WebAssembly.Global;
}

const scratchBytes = 2 ** 20;

/** A module with one `f32x4.relaxed_madd`: only engines with relaxed SIMD accept it. */
const relaxedProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 1, 253, 15, 65, 2, 253, 15, 65, 3, 253, 15, 253, 133, 2, 11],
);

/**
 * Loads the kernels and starts their threads.
 * @param threads how many in all; 1 for none beside the caller's
 * @throws Error if this engine has no WebAssembly SIMD or no shared memory
 */
export async function createMachine({ load, spawn }: KernelSource, threads: number): Promise<Machine> {
  const relaxed = hasRelaxedSimd();
  const module = await WebAssembly.compile(await load(relaxed ? "relaxed" : "simd"));
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
  const heap = createHeap(memory);
  const instance = await WebAssembly.instantiate(module, { env: { memory, abort: () => {} } });
  const { run, scratch } = instance.exports as object as Exports;
  scratch.value = heap.allocate(scratchBytes);
  const helpers =
    spawn === undefined ? [] : Array.from({ length: threads - 1 }, () => spawn({ module, memory, scratch: heap.allocate(scratchBytes) }));
  return {
    heap,
    threads: 1 + helpers.length,
    relaxed,
    run,
    dispose() {
      for (const helper of helpers) helper.terminate();
    },
  };
}

/** Whether this engine accepts relaxed SIMD. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(relaxedProbe);
}
