import { expect, it } from "vitest";
import { createCommandList } from "../../src/backends/kernels/commands.ts";
import { type Buffer, bytesOf, type Operand, sizeOf } from "../../src/backends/kernels/emit.ts";
import { createMachine, type KernelSource, type Machine } from "../../src/backends/kernels/machine.ts";
import { moveLowerings } from "../../src/backends/kernels/move.ts";
import { rng } from "../../src/tensor/random.ts";
import { builtKernels } from "../support/kernels.ts";

interface Input {
  readonly shape: number[];
  /** Whole numbers below this; left out for floats. */
  readonly below?: number;
}

interface Call {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

const images = { filterSize: 3, strides: 2, pad: "same" };

/** Large enough for several chunks. */
const calls: Call[] = [
  { kernel: "Transpose", inputs: { x: { shape: [301, 407] } }, attrs: { perm: [1, 0] } },
  { kernel: "Slice", inputs: { x: { shape: [301, 407] } }, attrs: { begin: [1, 2], size: [300, 400] } },
  {
    kernel: "PadV2",
    inputs: { x: { shape: [8, 40, 40, 19] } },
    attrs: {
      paddings: [
        [0, 0],
        [1, 1],
        [2, 1],
        [0, 0],
      ],
      constantValue: 1,
    },
  },
  { kernel: "GatherV2", inputs: { x: { shape: [75, 128] }, indices: { shape: [2000], below: 75 } }, attrs: { axis: 0, batchDims: 0 } },
  { kernel: "UnsortedSegmentSum", inputs: { x: { shape: [3000, 100] }, segmentIds: { shape: [3000], below: 50 } }, attrs: { numSegments: 50 } },
  { kernel: "UnsortedSegmentSum", inputs: { x: { shape: [30000, 8] }, segmentIds: { shape: [30000], below: 50 } }, attrs: { numSegments: 50 } },
  { kernel: "MaxPool", inputs: { x: { shape: [8, 33, 33, 19] } }, attrs: images },
  { kernel: "AvgPool", inputs: { x: { shape: [8, 33, 33, 19] } }, attrs: images },
];

/** Runs a call with the same numbers as input each time. */
function outcome({ heap, run }: Machine, { kernel, inputs, attrs }: Call): number[] {
  const addresses = new Map<Buffer, number>();
  const place = (shape: readonly number[], dtype: Operand["dtype"]): Operand => {
    const buffer = { bytes: bytesOf(shape, dtype) };
    addresses.set(buffer, heap.allocate(buffer.bytes));
    return { shape, dtype, buffer };
  };
  const at = ({ buffer }: Operand) => (addresses.get(buffer) as number) >> 2;
  const operands = Object.entries(inputs).map(([name, { shape, below }]): [string, Operand] => {
    const { fillNormal, int } = rng(4, name);
    const operand = place(shape, below === undefined ? "float32" : "int32");
    if (below === undefined) heap.floats.set(fillNormal(new Float32Array(sizeOf(shape))), at(operand));
    else for (let i = 0; i < sizeOf(shape); i++) heap.words[at(operand) + i] = int(below);
    return [name, operand];
  });
  const commands = createCommandList();
  const output = moveLowerings[kernel]?.(Object.fromEntries(operands), attrs, {
    output: place,
    scratch: (bytes) => place([bytes / 4], "float32").buffer,
    command: (opcode, chunks, ...words) => commands.add(opcode, chunks, words),
    inPlace: () => {},
  }) as Operand;
  for (const { at: word, buffer } of commands.addresses) commands.words[word] = addresses.get(buffer) as number;
  const start = heap.allocate(commands.words.length * 4);
  heap.words.set(commands.words, start >> 2);
  run(start, commands.count);
  return Array.from(heap.words.subarray(at(output), at(output) + sizeOf(output.shape)));
}

const baseline: KernelSource = { ...builtKernels, load: () => builtKernels.load("simd") };

it("one thread, two threads and the baseline build give the same bits", async () => {
  const machines = [await createMachine(builtKernels, 1), await createMachine(builtKernels, 2), await createMachine(baseline, 2)];
  for (const call of calls) {
    const [one, ...others] = machines.map((machine) => outcome(machine, call));
    for (const other of others) expect(other, call.kernel).toEqual(one);
  }
  for (const machine of machines) machine.dispose();
});
