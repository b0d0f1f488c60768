import type { Buffer } from "../../backends/kernels/emit.ts";
import { planMemory } from "./memory.ts";
import type { Operation } from "./operation.ts";

export interface Layout {
  /** Offset in the program's own memory of each buffer that lies there. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Size of the program's own memory. */
  readonly bytes: number;
  /** Outputs that may be written over an input, because nothing reads that afterwards: output buffer → input buffer. */
  readonly over: ReadonlyMap<Buffer, Buffer>;
}

/**
 * Decides where buffers lie. Fed values and results on the way lie in the program's own memory, whose places are used again
 * as soon as their last reader is done; what is held outside keeps its own address.
 * @param fed buffers that are filled before a run
 * @param held buffers of inputs that lie elsewhere: weights, constants
 * @param outputs buffers whose contents outlive a run: they lie elsewhere, too
 */
export function layOut(operations: readonly Operation[], fed: ReadonlySet<Buffer>, held: ReadonlySet<Buffer>, outputs: ReadonlySet<Buffer>): Layout {
  const first = new Map<Buffer, number>();
  const last = new Map<Buffer, number>();
  for (const buffer of fed) first.set(buffer, -1).size;
  for (const [i, { reads, writes, scratch }] of operations.entries()) {
    for (const buffer of [...writes, ...scratch]) {
      if (!first.has(buffer)) first.set(buffer, i);
      last.set(buffer, i);
    }
    for (const buffer of reads) last.set(buffer, i);
  }
  const over = new Map<Buffer, Buffer>();
  /** The buffer in whose place another one lies. */
  const place = new Map<Buffer, Buffer>();
  const placeOf = (buffer: Buffer): Buffer => place.get(buffer) ?? buffer;
  for (const [i, { inPlace }] of operations.entries()) {
    const taken = new Set<Buffer>();
    for (const { write, read } of inPlace) {
      if (place.has(write) || over.has(write) || taken.has(placeOf(read)) || last.get(read) !== i || write.bytes !== read.bytes) continue;
      const isHeld = held.has(read);
      if (outputs.has(write) ? !isHeld || outputs.has(read) : isHeld || outputs.has(read)) continue;
      if (outputs.has(write)) over.set(write, read);
      else {
        const root = placeOf(read);
        place.set(write, root);
        last.set(root, Math.max(last.get(root) ?? i, last.get(write) ?? i));
      }
      taken.add(placeOf(read));
    }
  }
  const own = [...first.keys()].filter((buffer) => !place.has(buffer) && !held.has(buffer) && !outputs.has(buffer));
  // Fed values may be given out as they are: then they stay to the end.
  const plan = planMemory(
    own.map((buffer) => ({ bytes: buffer.bytes, first: first.get(buffer) ?? 0, last: last.get(buffer) ?? first.get(buffer) ?? 0 })),
  );
  const offsets = new Map(own.map((buffer, i) => [buffer, plan.offsets[i] as number] as const));
  for (const [buffer, root] of place) offsets.set(buffer, offsets.get(root) ?? 0);
  return { offsets, bytes: plan.bytes, over };
}
