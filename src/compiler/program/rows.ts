import type { WasmBackend } from "../../backends/kernels/backend.ts";
import type { Buffer } from "../../backends/kernels/emit.ts";
import type { Use } from "../recording.ts";
import { kernelInputs } from "./graph.ts";
import type { Operation } from "./operation.ts";

/** The operations of a program in the kernels' memory, ready to be carried out again and again. */
export interface Rows {
  /** Says where a buffer lies from now on. */
  moveTo(buffer: Buffer, address: number): void;
  run(): void;
  dispose(): void;
}

type Segment = { readonly address: number; readonly count: number } | Exclude<Operation["does"], { readonly count: number }>;

/** Writes the commands of all operations one after the other; kernels in JavaScript come in between. */
export function createRows(backend: WasmBackend, operations: readonly Operation[]): Rows {
  const { heap } = backend.machine;
  const words: number[] = [];
  const mentions = new Map<Buffer, number[]>();
  const drafts: ({ from: number; count: number } | Exclude<Segment, { readonly count: number }>)[] = [];
  for (const { does } of operations) {
    if (!("words" in does)) {
      drafts.push(does);
      continue;
    }
    for (const { at, buffer } of does.addresses) {
      const places = mentions.get(buffer);
      if (places) places.push(words.length + at);
      else mentions.set(buffer, [words.length + at]);
    }
    const last = drafts.at(-1);
    if (last && "from" in last) last.count += does.count;
    else drafts.push({ from: words.length, count: does.count });
    for (const word of does.words) words.push(word);
  }
  const base = heap.allocate(words.length * 4);
  heap.words.set(words, base >> 2);
  const segments: Segment[] = drafts.map((draft) => ("from" in draft ? { address: base + draft.from * 4, count: draft.count } : draft));
  const where = new Map<Buffer, number>();
  const addressOf = (buffer: Buffer): number => {
    const address = where.get(buffer);
    if (address === undefined) throw new Error("A buffer of the program has no place.");
    return address;
  };

  const runScript = ({ call, inputs, outputs }: Exclude<Segment, { readonly count: number }>) => {
    const lent: object[] = [];
    let next = 0;
    const lend = ({ shape, dtype }: Use): object => {
      const { dataId } = backend.lend(addressOf(inputs[next++] as Buffer), shape, dtype);
      lent.push(dataId);
      return dataId;
    };
    try {
      const results = [call.kernel({ inputs: kernelInputs(call, lend), attrs: call.attrs ?? {}, backend })].flat();
      for (const [i, { buffer, shape, dtype }] of outputs.entries()) {
        const { dataId } = results[i] as { dataId: object };
        backend.copyTo(addressOf(buffer), { dataId, shape: [...shape], dtype });
        backend.disposeData(dataId);
      }
    } finally {
      for (const dataId of lent) backend.disposeData(dataId);
    }
  };

  return {
    moveTo(buffer, address) {
      if (where.get(buffer) === address) return;
      where.set(buffer, address);
      const { words: memory } = heap;
      for (const at of mentions.get(buffer) ?? []) memory[(base >> 2) + at] = address;
    },
    run() {
      for (const segment of segments) {
        if ("count" in segment) backend.machine.run(segment.address, segment.count);
        else runScript(segment);
      }
    },
    dispose: () => heap.free(base),
  };
}
