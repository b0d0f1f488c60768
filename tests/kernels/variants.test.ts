import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCommandList } from "../../src/backends/kernels/commands.ts";
import { type Buffer, bytesOf, type Operand, sizeOf } from "../../src/backends/kernels/emit.ts";
import { lowerings } from "../../src/backends/kernels/lowerings.ts";
import { createMachine, type KernelSource, type Machine } from "../../src/backends/kernels/machine.ts";
import { rng } from "../../src/tensor/random.ts";
import { builtKernels } from "../support/kernels.ts";

interface Input {
  readonly shape: readonly number[];
  /** Whole numbers below this; left out for floats. */
  readonly below?: number;
}
interface Call {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

const of = (...shape: number[]): Input => ({ shape });
const whole = (size: number, below: number): Input => ({ shape: [size], below });
const call = (kernel: string, inputs: Call["inputs"], attrs: Call["attrs"]): Call => ({ kernel, inputs, attrs });

const plain = { transposeA: false, transposeB: false };
const image = of(6, 20, 21, 9);
const filter = of(3, 3, 9, 70);
const dy = of(6, 10, 21, 70);
const strided = { strides: [2, 1], pad: "same", dilations: 1 };
const deep = of(8, 30, 30, 26);
const depthwise = { strides: 1, pad: "same", dilations: 1 };

/** What multiplies and adds: a fused multiply–add rounds once, the baseline build twice. Each is large enough for several chunks. */
const sums: Call[] = [
  call("BatchMatMul", { a: of(300, 123), b: of(123, 205) }, plain),
  call("BatchMatMul", { a: of(20, 123, 70), b: of(20, 61, 123) }, { transposeA: true, transposeB: true }),
  call("BatchMatMul", { a: of(9000, 40), b: of(9000, 30) }, { transposeA: true, transposeB: false }),
  call("_FusedMatMul", { a: of(100, 1500), b: of(1500, 77), bias: of(77) }, { ...plain, activation: "leakyrelu", leakyreluAlpha: 0.1 }),
  call("Conv2D", { x: image, filter }, strided),
  call("Conv2DBackpropInput", { dy, filter }, { ...strided, inputShape: image.shape }),
  call("Conv2DBackpropFilter", { x: image, dy }, { ...strided, filterShape: filter.shape }),
  call("DepthwiseConv2dNative", { x: deep, filter: of(3, 3, 26, 1) }, depthwise),
  call("DepthwiseConv2dNativeBackpropFilter", { x: deep, dy: deep }, { ...depthwise, filterShape: [3, 3, 26, 1] }),
  call("Sum", { x: of(40000, 15) }, { axis: [0] }),
  call("Mean", { x: of(20, 30, 30, 32) }, { axis: [0, 1, 2] }),
  call("Sum", { x: of(600000) }, { axis: [0] }),
  call("Max", { x: of(300, 1030) }, { reductionIndices: [1] }),
  call("Sum", { x: of(100, 3000) }, { axis: [0] }),
  call("Softmax", { logits: of(2000, 65) }, { dim: 1 }),
];

const pooled = { filterSize: 3, strides: 2, pad: "same" };
const border = [
  [0, 0],
  [1, 1],
  [2, 1],
  [0, 0],
];
const moves: Call[] = [
  call("Transpose", { x: of(301, 407) }, { perm: [1, 0] }),
  call("Slice", { x: of(301, 407) }, { begin: [1, 2], size: [300, 400] }),
  call("PadV2", { x: of(8, 40, 40, 19) }, { paddings: border, constantValue: 1 }),
  call("GatherV2", { x: of(75, 128), indices: whole(2000, 75) }, { axis: 0, batchDims: 0 }),
  call("UnsortedSegmentSum", { x: of(3000, 100), segmentIds: whole(3000, 50) }, { numSegments: 50 }),
  call("UnsortedSegmentSum", { x: of(30000, 8), segmentIds: whole(30000, 50) }, { numSegments: 50 }),
  call("MaxPool", { x: of(8, 33, 33, 19) }, pooled),
  call("AvgPool", { x: of(8, 33, 33, 19) }, pooled),
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
  const tensor = (shape: readonly number[], dtype: Operand["dtype"]): Operand => ({ shape, dtype, buffer: place(bytesOf(shape, dtype)) });
  const operands = Object.entries(inputs).map(([name, { shape, below }]): [string, Operand] => {
    const { fillNormal, int } = rng(4, name);
    const operand = tensor(shape, below === undefined ? "float32" : "int32");
    const begin = at(operand.buffer) >> 2;
    if (below === undefined) heap.floats.set(fillNormal(new Float32Array(sizeOf(shape))), begin);
    else for (let i = 0; i < sizeOf(shape); i++) heap.words[begin + i] = int(below);
    return [name, operand];
  });
  const commands = createCommandList();
  let chunks = 0;
  const result = lowerings[kernel]?.(Object.fromEntries(operands), attrs, {
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

describe("one thread and two give the same bits:", () => {
  const baseline: KernelSource = { ...builtKernels, load: () => builtKernels.load("simd") };
  let machines: readonly [Machine, Machine, Machine];
  beforeAll(async () => {
    machines = [await createMachine(builtKernels, 1), await createMachine(builtKernels, 2), await createMachine(baseline, 2)];
  });
  afterAll(() => {
    for (const machine of machines) machine.dispose();
  });

  it.each(sums.map((one) => [one.kernel, one] as const))("%s, and the baseline build the same numbers but for rounding", (_, one) => {
    const [alone, shared, rounded] = machines.map((machine) => outcome(machine, one)) as [Outcome, Outcome, Outcome];
    expect(alone.chunks).toBeGreaterThan(1);
    expect(shared.values).toEqual(alone.values);
    const scale = alone.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = rounded.values.reduce((most, value, i) => Math.max(most, Math.abs(value - (alone.values[i] ?? Number.NaN))), 0);
    expect(difference / scale).toBeLessThan(1e-5);
  });

  it.each(moves.map((one) => [one.kernel, one] as const))("%s, and so does the baseline build", (_, one) => {
    const [alone, ...others] = machines.map((machine) => outcome(machine, one)) as [Outcome, Outcome, Outcome];
    expect(alone.chunks).toBeGreaterThan(1);
    for (const other of others) expect(other.values).toEqual(alone.values);
  });
});

type Outcome = ReturnType<typeof outcome>;
