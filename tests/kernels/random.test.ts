import { expect, it } from "vitest";
import { createCommandList } from "../../src/backends/kernels/commands.ts";
import type { Buffer, Operand } from "../../src/backends/kernels/emit.ts";
import { createMachine, type KernelSource } from "../../src/backends/kernels/machine.ts";
import { type Draw, emitDraws } from "../../src/backends/kernels/random.ts";
import { rng, streamKey } from "../../src/tensor/random.ts";
import { builtKernels } from "../support/kernels.ts";

type Plan = readonly (readonly [distribution: Draw["distribution"], size: number])[];

/** What the kernels draw, stream by stream; undefined if they leave it. */
async function drawn(source: KernelSource, threads: number, plans: readonly Plan[]): Promise<Float32Array[][] | undefined> {
  const machine = await createMachine(source, threads);
  const { heap } = machine;
  const addresses = new Map<Buffer, number>();
  const place = (bytes: number): Buffer => {
    const buffer = { bytes };
    addresses.set(buffer, heap.allocate(bytes));
    return buffer;
  };
  const streams = plans.map((plan) =>
    plan.map(([distribution, size]): Draw => ({ distribution, output: { shape: [size], dtype: "float32", buffer: place(size * 4) } })),
  );
  const keys = place(plans.length * 4);
  const commands = createCommandList();
  const unused = (): never => {
    throw new Error("Draws need no other memory.");
  };
  const isDone = emitDraws(
    { output: unused, scratch: unused, inPlace: unused, command: (opcode, chunks, ...words) => commands.add(opcode, chunks, words) },
    keys,
    streams,
  );
  if (!isDone) {
    expect(commands.count).toBe(0);
    return undefined;
  }
  for (const [i] of plans.entries()) heap.words[((addresses.get(keys) as number) >> 2) + i] = streamKey(5, "node", i);
  for (const { at, buffer } of commands.addresses) commands.words[at] = addresses.get(buffer) as number;
  const start = heap.allocate(commands.words.length * 4);
  heap.words.set(commands.words, start >> 2);
  machine.run(start, commands.count);
  machine.dispose();
  const read = ({ buffer, shape: [size = 0] }: Operand) => {
    const first = (addresses.get(buffer) as number) >> 2;
    return heap.floats.slice(first, first + size);
  };
  return streams.map((stream) => stream.map(({ output }) => read(output)));
}

/** What JavaScript draws. */
const reference = (plans: readonly Plan[]): Float32Array[][] =>
  plans.map((plan, i) => {
    const stream = rng(5, "node", i);
    return plan.map(([distribution, size]) => {
      const out = new Float32Array(size);
      return distribution === "normal" ? stream.fillNormal(out) : stream.fillUniform(out);
    });
  });

const plans: Plan[] = [
  [
    ["uniform", 7],
    ["normal", 10],
    ["uniform", 1],
    ["normal", 2],
  ],
  [["normal", 300_000]],
  [],
  [
    ["uniform", 50_000],
    ["normal", 0],
  ],
];

it("the kernels draw the numbers that JavaScript draws, to the bit", async () => {
  expect(await drawn(builtKernels, 2, plans)).toEqual(reference(plans));
});

it("the baseline build draws the same", async () => {
  expect(await drawn({ ...builtKernels, load: () => builtKernels.load("simd") }, 1, plans)).toEqual(reference(plans));
});

it("half a pair of normal numbers is left to JavaScript", async () => {
  expect(await drawn(builtKernels, 1, [[["normal", 3]]])).toBeUndefined();
});
