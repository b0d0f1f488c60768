import { expect, it } from "vitest";
import { createCommandList } from "../../src/backends/kernels/commands.ts";
import { type Buffer, bytesOf, type Operand, sizeOf } from "../../src/backends/kernels/emit.ts";
import { createMachine, type Machine } from "../../src/backends/kernels/machine.ts";
import { reduceLowerings } from "../../src/backends/kernels/reduce.ts";
import { rng } from "../../src/tensor/random.ts";
import { builtKernels } from "../support/kernels.ts";

interface Call {
  readonly kernel: string;
  readonly input: string;
  readonly shape: readonly number[];
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** Large enough for several chunks. */
const calls: Call[] = [
  { kernel: "Sum", input: "x", shape: [40000, 15], attrs: { axis: [0] } },
  { kernel: "Mean", input: "x", shape: [20, 30, 30, 32], attrs: { axis: [0, 1, 2] } },
  { kernel: "Sum", input: "x", shape: [600000], attrs: { axis: [0] } },
  { kernel: "Max", input: "x", shape: [300, 1030], attrs: { reductionIndices: [1] } },
  { kernel: "Sum", input: "x", shape: [100, 3000], attrs: { axis: [0] } },
  { kernel: "Softmax", input: "logits", shape: [2000, 65], attrs: { dim: 1 } },
];

/** Runs a call with the same numbers as input each time. @returns its output, and the most chunks of a command */
function outcome({ heap, run }: Machine, { kernel, input, shape, attrs }: Call): { readonly values: Float32Array; readonly chunks: number } {
  const addresses = new Map<Buffer, number>();
  const place = (bytes: number): Buffer => {
    const buffer = { bytes };
    addresses.set(buffer, heap.allocate(bytes));
    return buffer;
  };
  const at = (buffer: Buffer) => addresses.get(buffer) as number;
  const tensor = (size: readonly number[]): Operand => ({ shape: size, dtype: "float32", buffer: place(bytesOf(size, "float32")) });
  const operand = tensor(shape);
  heap.floats.set(rng(4, kernel).fillNormal(new Float32Array(sizeOf(shape))), at(operand.buffer) >> 2);
  const commands = createCommandList();
  let chunks = 0;
  const result = reduceLowerings[kernel]?.({ [input]: operand }, attrs, {
    output: tensor,
    scratch: place,
    command: (opcode, count, ...words) => {
      chunks = Math.max(chunks, count);
      commands.add(opcode, count, words);
    },
    inPlace: () => {},
  }) as Operand;
  for (const { at: word, buffer } of commands.addresses) commands.words[word] = at(buffer);
  const address = heap.allocate(4 * commands.words.length);
  heap.words.set(commands.words, address >> 2);
  run(address, commands.count);
  const begin = at(result.buffer) >> 2;
  return { values: heap.floats.slice(begin, begin + sizeOf(result.shape)), chunks };
}

it("one thread and two reduce to the same bits; the baseline build to the same numbers but for rounding", async () => {
  const baseline = { ...builtKernels, load: () => builtKernels.load("simd") };
  const [one, two, plain] = await Promise.all([createMachine(builtKernels, 1), createMachine(builtKernels, 2), createMachine(baseline, 2)]);
  for (const call of calls) {
    const alone = outcome(one, call);
    expect(alone.chunks, call.kernel).toBeGreaterThan(1);
    expect(outcome(two, call).values, call.kernel).toEqual(alone.values);
    const rounded = outcome(plain, call).values;
    const scale = alone.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = rounded.reduce((most, value, i) => Math.max(most, Math.abs(value - (alone.values[i] ?? Number.NaN))), 0);
    expect(difference / scale, call.kernel).toBeLessThan(1e-5);
  }
  for (const machine of [one, two, plain]) machine.dispose();
});
