import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCommandList } from "../../src/backends/kernels/commands.ts";
import { type Buffer, bytesOf, type Emit, type Operand, sizeOf } from "../../src/backends/kernels/emit.ts";
import { type ElementwiseCall, emitGroup, fitsGroup, fusible } from "../../src/backends/kernels/fuse.ts";
import { createMachine, type Machine } from "../../src/backends/kernels/machine.ts";
import { rng } from "../../src/tensor/random.ts";
import { builtKernels } from "../support/kernels.ts";

let machines: Machine[] = [];

beforeAll(async () => {
  const baseline = { ...builtKernels, load: () => builtKernels.load("simd") };
  machines = [await createMachine(builtKernels, 1), await createMachine(builtKernels, 2), await createMachine(baseline, 2)];
});

afterAll(() => {
  for (const machine of machines) machine.dispose();
});

const unary = ["Neg", "Square", "Tanh", "Sigmoid", "Relu", "Exp", "Abs"];
const binary = ["Add", "Sub", "Multiply", "Maximum", "SquaredDifference", "Minimum"];

/** A random program: each step takes earlier values by number, inputs first. */
const programs = fc.record({
  rows: fc.integer({ min: 1, max: 90 }),
  columns: fc.integer({ min: 1, max: 90 }),
  steps: fc.array(fc.record({ name: fc.constantFrom(...unary, ...binary), a: fc.nat(99), b: fc.nat(99), stored: fc.boolean() }), {
    minLength: 1,
    maxLength: 14,
  }),
});
type Program = typeof programs extends fc.Arbitrary<infer T> ? T : never;

/** The calls of a program over two full inputs, a row, a column and a scalar. */
function callsOf({ rows, columns, steps }: Program): { inputs: Operand[]; calls: ElementwiseCall[] } {
  const tensor = (shape: number[]): Operand => ({ shape, dtype: "float32", buffer: { bytes: bytesOf(shape, "float32") } });
  const inputs = [tensor([rows, columns]), tensor([rows, columns]), tensor([columns]), tensor([rows, 1]), tensor([])];
  const full = [inputs[0], inputs[1]] as Operand[];
  const calls = steps.map(({ name, a, b }): ElementwiseCall => {
    const left = full[a % full.length] as Operand;
    const others = [...full, ...inputs.slice(2)];
    const right = others[b % others.length] as Operand;
    const output = tensor([rows, columns]);
    full.push(output);
    return { name, inputs: unary.includes(name) ? { x: left } : { a: left, b: right }, attrs: {}, output };
  });
  return { inputs, calls };
}

/** Runs calls as groups on a machine. @returns the numbers of the outputs asked for */
function outcome(
  machine: Machine,
  inputs: readonly Operand[],
  groups: readonly (readonly ElementwiseCall[])[],
  wanted: readonly Operand[],
  reuse: boolean,
) {
  const { heap } = machine;
  const addresses = new Map<Buffer, number>();
  const blocks: number[] = [];
  const place = ({ bytes }: Buffer): number => {
    const address = heap.allocate(bytes);
    blocks.push(address);
    return address;
  };
  for (const [i, { shape, buffer }] of inputs.entries()) {
    const address = place(buffer);
    addresses.set(buffer, address);
    heap.floats.set(rng(4, `${i}`).fillNormal(new Float32Array(sizeOf(shape))), address >> 2);
  }
  const commands = createCommandList();
  const taken = new Set<Buffer>();
  for (const calls of groups) {
    const emit: Emit = {
      output: () => expect.fail("a group makes no tensors"),
      scratch: () => expect.fail("a group needs no memory"),
      command: (opcode, chunks, ...words) => commands.add(opcode, chunks, words),
      inPlace: (output, input) => {
        if (!reuse || taken.has(input.buffer) || addresses.has(output.buffer)) return;
        taken.add(input.buffer);
        addresses.set(output.buffer, addresses.get(input.buffer) as number);
      },
    };
    emitGroup(calls, new Set(wanted), emit);
  }
  for (const { at, buffer } of commands.addresses) {
    if (!addresses.has(buffer)) addresses.set(buffer, place(buffer));
    commands.words[at] = addresses.get(buffer) as number;
  }
  const address = place({ bytes: 4 * commands.words.length });
  heap.words.set(commands.words, address >> 2);
  machine.run(address, commands.count);
  const values = wanted.map(({ shape, buffer }) => {
    const begin = (addresses.get(buffer) as number) >> 2;
    return heap.floats.slice(begin, begin + sizeOf(shape));
  });
  for (const block of blocks) heap.free(block);
  return values;
}

describe("a group of elementwise calls", () => {
  it("gives to the bit what the calls give one by one, with outputs in the place of inputs, on any number of threads", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const { inputs, calls } = callsOf(program);
        expect(fitsGroup(calls)).toBe(true);
        const outputs = calls.map(({ output }) => output);
        const wanted = outputs.filter((_, i) => i === outputs.length - 1 || program.steps[i]?.stored);
        const [one, two, plain] = machines as [Machine, Machine, Machine];
        const singly = outcome(
          one,
          inputs,
          calls.map((call) => [call]),
          outputs,
          false,
        ).filter((_, i) => wanted.includes(outputs[i] as Operand));
        expect(outcome(one, inputs, [calls], wanted, false)).toEqual(singly);
        expect(outcome(two, inputs, [calls], wanted, true)).toEqual(singly);
        const rounded = outcome(plain, inputs, [calls], wanted, true);
        const plainly = outcome(
          plain,
          inputs,
          calls.map((call) => [call]),
          outputs,
          false,
        ).filter((_, i) => wanted.includes(outputs[i] as Operand));
        expect(rounded).toEqual(plainly);
      }),
      { numRuns: 80 },
    );
  });

  it("is shared among threads if it is large, with the same numbers", () => {
    const steps = [
      { name: "Multiply", a: 0, b: 3, stored: false },
      { name: "Tanh", a: 2, b: 0, stored: true },
      { name: "Sub", a: 3, b: 1, stored: false },
    ];
    const { inputs, calls } = callsOf({ rows: 900, columns: 301, steps });
    const wanted = [calls[1]?.output, calls[2]?.output] as Operand[];
    const [one, two] = machines as [Machine, Machine];
    expect(outcome(two, inputs, [calls], wanted, true)).toEqual(outcome(one, inputs, [calls], wanted, false));
  });

  it("is refused when it needs more registers than there are, or its calls have different sizes", () => {
    const step = { name: "Square", a: 99, b: 0, stored: false };
    const many = callsOf({ rows: 3, columns: 3, steps: Array.from({ length: 70 }, () => step) }).calls;
    expect(fitsGroup(many)).toBe(false);
    const [small] = callsOf({ rows: 2, columns: 2, steps: [step] }).calls;
    expect(fitsGroup([...many.slice(0, 2), ...(small ? [small] : [])])).toBe(false);
    expect(fitsGroup([])).toBe(false);
  });

  it("takes no arithmetic of whole numbers and nothing that is not elementwise", () => {
    const whole: Operand = { shape: [3], dtype: "int32", buffer: { bytes: 12 } };
    expect(fusible("Add", { a: whole, b: whole }, {})).toBeUndefined();
    expect(fusible("MatMul", { a: whole, b: whole }, {})).toBeUndefined();
    expect(fusible("Cast", { x: whole }, { dtype: "float32" })).toEqual({ shape: [3], dtype: "float32" });
  });
});
