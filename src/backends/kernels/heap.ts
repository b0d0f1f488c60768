/**
 * Memory for tensors: blocks of one shared WebAssembly memory, which grows when it must and never shrinks.
 * Old views of a shared memory stay good when it grows.
 */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  /** The whole memory as numbers of four bytes; take them anew after an allocation, to see what was added. */
  readonly floats: Float32Array;
  readonly words: Int32Array;
  /** Bytes in use. */
  readonly used: number;
  /** Address of a new block, a multiple of 64. What is in it is left from before. @throws Error in words for people if the memory is full */
  allocate(bytes: number): number;
  /** Gives a block back that `allocate` gave. */
  free(address: number): void;
}

/** Where the kernels' own state ends. */
const base = 65536;
const page = 65536;
/** WebAssembly's addresses have 32 bits. */
export const heapLimit = 4 * 2 ** 30;
/** Pages added at once, at least: growing is slow. */
const stride = 256;

const align = (bytes: number): number => Math.max(64, Math.ceil(bytes / 64) * 64);

/** @param memory made with `shared: true`; its first 64 KiB belong to the kernels */
export function createHeap(memory: WebAssembly.Memory): Heap {
  let floats = new Float32Array(memory.buffer);
  let words = new Int32Array(memory.buffer);
  let used = 0;
  /** End of what was ever given out. */
  let top = base;
  const sizes = new Map<number, number>();
  /** Free blocks by size. */
  const bins = new Map<number, number[]>();

  const keep = (address: number, size: number) => {
    const bin = bins.get(size);
    if (bin) bin.push(address);
    else bins.set(size, [address]);
  };
  /** Joins free blocks that touch; those at the end become fresh memory again. */
  const join = () => {
    const free = [...bins].flatMap(([size, addresses]) => addresses.map((address) => ({ address, size }))).sort((a, b) => a.address - b.address);
    bins.clear();
    let last: { address: number; size: number } | undefined;
    for (const block of free) {
      if (last && last.address + last.size === block.address) last.size += block.size;
      else {
        if (last) keep(last.address, last.size);
        last = { ...block };
      }
    }
    if (last && last.address + last.size === top) top = last.address;
    else if (last) keep(last.address, last.size);
  };
  /** The smallest free block that is large enough, cut to size. */
  const cut = (size: number): number | undefined => {
    let best = Number.POSITIVE_INFINITY;
    for (const [held, addresses] of bins) if (held >= size && held < best && addresses.length > 0) best = held;
    const address = bins.get(best)?.pop();
    if (address !== undefined && best > size) keep(address + size, best - size);
    return address;
  };
  const grow = (end: number) => {
    if (end > heapLimit) {
      const needed = Math.ceil((end - base) / 2 ** 20).toLocaleString("en");
      throw new Error(`This needs ${needed} MiB for tensors, and WebAssembly can address 4,096 MiB. Make the batch or the network smaller.`);
    }
    const have = memory.buffer.byteLength / page;
    const pages = Math.min(65536 - have, Math.max(Math.ceil(end / page) - have, stride));
    try {
      memory.grow(pages);
    } catch {
      throw new Error(`The machine gives no more memory for tensors than ${Math.floor(memory.buffer.byteLength / 2 ** 20)} MiB.`);
    }
    floats = new Float32Array(memory.buffer);
    words = new Int32Array(memory.buffer);
  };
  const fresh = (size: number): number => {
    if (top + size > memory.buffer.byteLength) grow(top + size);
    const address = top;
    top += size;
    return address;
  };
  const find = (size: number): number => {
    const exact = bins.get(size)?.pop();
    if (exact !== undefined) return exact;
    if (top + size <= memory.buffer.byteLength) return fresh(size);
    join();
    return cut(size) ?? fresh(size);
  };

  return {
    memory,
    get floats() {
      return floats;
    },
    get words() {
      return words;
    },
    get used() {
      return used;
    },
    allocate(bytes) {
      const size = align(bytes);
      const address = find(size);
      sizes.set(address, size);
      used += size;
      return address;
    },
    free(address) {
      const size = sizes.get(address);
      if (size === undefined) throw new Error(`There is no block at ${address}.`);
      sizes.delete(address);
      used -= size;
      keep(address, size);
    },
  };
}
