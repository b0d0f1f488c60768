import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeSafetensors } from "../../src/tensor/safetensors.ts";
import { decodeCheckpoint, encodeCheckpoint, slotName } from "../../src/training/checkpoint.ts";

const tensor = (values: number[]) => ({ dtype: "F32" as const, shape: [values.length], data: Float32Array.from(values) });

describe("a checkpoint", () => {
  it("reads back what was written: weights, slots, step and seed", () => {
    const name = fc.stringMatching(/^[a-z]{1,8}\/[a-z]{1,8}$/);
    const tensors = fc.dictionary(name, fc.array(fc.float({ noNaN: true }), { maxLength: 5 }).map(tensor));
    const whole = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(tensors, tensors, whole, whole, (weights, plain, step, seed) => {
        const slots = Object.fromEntries(Object.entries(plain).map(([key, value]) => [slotName(0, "mean", key), value]));
        const read = decodeCheckpoint(encodeCheckpoint({ step, seed, weights, slots }));
        expect({ ...read, weights: { ...read.weights }, slots: { ...read.slots } }).toEqual({
          step,
          seed,
          weights: { ...weights },
          slots: { ...slots },
        });
      }),
    );
  });

  it("may be plain weights from elsewhere, at step 0", () => {
    expect(decodeCheckpoint(encodeSafetensors({ "a/kernel": tensor([1, 2]) }))).toMatchObject({ step: 0, seed: 0, slots: {} });
  });

  it("is refused with a reason if it is newer, holds whole numbers, or names no step", () => {
    const format = "netloom-checkpoint";
    expect(() => decodeCheckpoint(encodeSafetensors({}, { format, version: "2" }))).toThrow(/version 2/);
    expect(() => decodeCheckpoint(encodeSafetensors({}, { format, version: "1", step: "-3" }))).toThrow(/"-3"/);
    const labels = { dtype: "I32" as const, shape: [1], data: Int32Array.of(1) };
    expect(() => decodeCheckpoint(encodeSafetensors({ labels }))).toThrow(/"labels".*whole numbers/);
    expect(() => decodeCheckpoint(new Uint8Array(5))).toThrow(/safetensors/);
  });
});
