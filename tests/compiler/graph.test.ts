import { describe, expect, it } from "vitest";
import { absorbRelu, liveCalls, readOutputsOfRelu, shareCalls, splitSums } from "../../src/compiler/program/graph.ts";
import type { KernelCall, Use } from "../../src/compiler/recording.ts";

const use = (value: number): Use => ({ value, shape: [2], dtype: "float32" });
const call = (name: string, inputs: readonly number[], output: number, attrs = {}): KernelCall => ({
  name,
  kernel: () => [],
  attrs,
  inputs: inputs.map((value, i) => [String(i), use(value)] as const),
  list: false,
  outputs: [output],
  types: [{ shape: [2], dtype: "float32" }],
});
const names = (calls: readonly KernelCall[]) => calls.map(({ name, inputs }) => [name, ...inputs.map(([, one]) => one?.value)].join(" "));

describe("a recording made smaller", () => {
  it("leaves out what no output needs", () => {
    const calls = [call("Exp", [0], 1), call("Neg", [0], 2), call("Sqrt", [1], 3)];
    expect(names(liveCalls(calls, [use(3)]))).toEqual(["Exp 0", "Sqrt 1"]);
  });

  it("computes once what is written twice, and whatever follows from it", () => {
    const calls = [call("Exp", [0], 1), call("Exp", [0], 2), call("Neg", [1], 3), call("Neg", [2], 4), call("Add", [3, 4], 5)];
    const shared = shareCalls(calls, [use(5), use(4)]);
    expect(names(shared.calls)).toEqual(["Exp 0", "Neg 1", "Add 3 3"]);
    expect(shared.outputs.map(({ value }) => value)).toEqual([5, 3]);
  });

  it("keeps calls apart whose attributes differ only in what JSON cannot say", () => {
    const fill = (value: number, output: number) => call("Fill", [], output, { value });
    const calls = [fill(Number.NaN, 1), fill(Number.POSITIVE_INFINITY, 2), fill(0, 3), fill(-0, 4)];
    expect(shareCalls(calls, [1, 2, 3, 4].map(use)).calls).toHaveLength(4);
  });

  it("lets a convolution rectify what it stores, unless somebody needs it as it was", () => {
    const calls = [call("FusedConv2D", [0, 1], 2), call("Relu", [2], 3), call("FusedConv2D", [3, 1], 4), call("Relu", [4], 5)];
    const [first, second, ...rest] = absorbRelu(calls, [use(5), use(4)]);
    expect([first?.outputs, first?.attrs]).toEqual([[3], { activation: "relu" }]);
    expect([second?.outputs, second?.attrs]).toEqual([[4], {}]);
    expect(names(rest)).toEqual(["Relu 4"]);
  });

  it("adds many tensors two at a time, in their order", () => {
    const sum = { ...call("AddN", [0, 1, 2], 3), list: true };
    const split = splitSums([sum, call("Neg", [3], 4)], () => [], 5);
    expect(names(split)).toEqual(["Add 0 1", "Add 5 2", "Neg 3"]);
    expect(split.map(({ outputs }) => outputs)).toEqual([[5], [3], [4]]);
  });

  it("asks ReLU's output where it was positive, so that its input need not be kept", () => {
    const calls = [call("Relu", [0], 1), call("Step", [0], 2), call("Multiply", [2, 3], 4)];
    expect(names(readOutputsOfRelu(calls))).toEqual(["Relu 0", "Step 1", "Multiply 2 3"]);
  });
});
