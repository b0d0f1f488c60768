import { expect, it } from "vitest";
import { createCommandList } from "../../src/backends/kernels/commands.ts";
import { type Buffer, bytesOf, type Operand, sizeOf } from "../../src/backends/kernels/emit.ts";
import { createMachine, type KernelSource, type Machine } from "../../src/backends/kernels/machine.ts";
import { productLowerings } from "../../src/backends/kernels/products.ts";
import { rng } from "../../src/tensor/random.ts";
import { builtKernels } from "../support/kernels.ts";

interface Call {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

const image = [6, 20, 21, 9];
const same = { strides: [2, 1], pad: "same", dilations: 1 };

/** Large enough for several chunks. */
const calls: Call[] = [
  { kernel: "BatchMatMul", inputs: { a: [300, 123], b: [123, 205] }, attrs: { transposeA: false, transposeB: false } },
  { kernel: "BatchMatMul", inputs: { a: [20, 123, 70], b: [20, 61, 123] }, attrs: { transposeA: true, transposeB: true } },
  { kernel: "BatchMatMul", inputs: { a: [9000, 40], b: [9000, 30] }, attrs: { transposeA: true, transposeB: false } },
  {
    kernel: "_FusedMatMul",
    inputs: { a: [100, 1500], b: [1500, 77], bias: [77] },
    attrs: { transposeA: false, transposeB: false, activation: "leakyrelu", leakyreluAlpha: 0.1 },
  },
  { kernel: "Conv2D", inputs: { x: image, filter: [3, 3, 9, 70] }, attrs: same },
  { kernel: "Conv2DBackpropInput", inputs: { dy: [6, 10, 21, 70], filter: [3, 3, 9, 70] }, attrs: { ...same, inputShape: image } },
  { kernel: "Conv2DBackpropFilter", inputs: { x: image, dy: [6, 10, 21, 70] }, attrs: { ...same, filterShape: [3, 3, 9, 70] } },
  { kernel: "DepthwiseConv2dNative", inputs: { x: [8, 30, 30, 26], filter: [3, 3, 26, 1] }, attrs: { strides: 1, pad: "same", dilations: 1 } },
  {
    kernel: "DepthwiseConv2dNativeBackpropFilter",
    inputs: { x: [8, 30, 30, 26], dy: [8, 30, 30, 26] },
    attrs: { strides: 1, pad: "same", dilations: 1, filterShape: [3, 3, 26, 1] },
  },
];

/** Runs a call with the same numbers as input each time. @returns its output, and the most chunks of a command */
function outcome({ heap, run }: Machine, { kernel, inputs, attrs }: Call): { readonly values: Float32Array; readonly chunks: number } {
  const addresses = new Map<Buffer, number>();
  const place = (bytes: number): Buffer => {
    const buffer = { bytes };
    addresses.set(buffer, heap.allocate(bytes));
    return buffer;
  };
  const at = (buffer: Buffer) => addresses.get(buffer) as number;
  const tensor = (shape: readonly number[]): Operand => ({ shape, dtype: "float32", buffer: place(bytesOf(shape, "float32")) });
  const operands = Object.entries(inputs).map(([name, shape]): [string, Operand] => {
    const operand = tensor(shape);
    heap.floats.set(rng(4, name).fillNormal(new Float32Array(sizeOf(shape))), at(operand.buffer) >> 2);
    return [name, operand];
  });
  const commands = createCommandList();
  let chunks = 0;
  const result = productLowerings[kernel]?.(Object.fromEntries(operands), attrs, {
    output: tensor,
    scratch: place,
    command: (opcode, count, ...args) => {
      chunks = Math.max(chunks, count);
      commands.add(opcode, count, args);
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

it("one thread and two give the same bits; the baseline build gives the same numbers but for rounding", async () => {
  const baseline: KernelSource = { ...builtKernels, load: () => builtKernels.load("simd") };
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
