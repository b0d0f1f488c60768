import { describe, expect, it } from "vitest";
import { createCommandList } from "../../src/backends/kernels/commands.ts";
import type { Buffer } from "../../src/backends/kernels/emit.ts";
import { layOut } from "../../src/compiler/program/layout.ts";
import type { Operation } from "../../src/compiler/program/operation.ts";

const buffer = (bytes = 1024): Buffer => ({ bytes });
const none: ReadonlySet<Buffer> = new Set();

/** An operation that may write over the first buffer that it reads. */
function operation(reads: readonly Buffer[], write: Buffer, inPlace = true): Operation {
  const [read] = reads;
  return {
    does: createCommandList(),
    reads: new Set(reads),
    writes: new Set([write]),
    scratch: new Set(),
    inPlace: inPlace && read ? [{ write, read }] : [],
  };
}

describe("the layout of a program's memory", () => {
  it("writes over what nobody needs any more, along a whole chain", () => {
    const [x, a, b, c] = [buffer(), buffer(), buffer(), buffer()];
    const layout = layOut([operation([x], a), operation([a], b), operation([b], c)], new Set([x]), none, none);
    expect(layout.bytes).toBe(1024);
  });

  it("does not write over what is read later", () => {
    const [x, a, b, c] = [buffer(), buffer(), buffer(), buffer()];
    const layout = layOut([operation([x], a), operation([a], b), operation([b, a], c)], new Set([x]), none, none);
    expect(layout.offsets.get(a)).not.toBe(layout.offsets.get(b));
  });

  it("writes a new weight over the old one only after the old one's last reader", () => {
    const [weight, gradient, next, other] = [buffer(), buffer(), buffer(), buffer()];
    const update = operation([weight, gradient], next);
    const held = new Set([weight]);
    expect(layOut([update], new Set([gradient]), held, new Set([next])).over.get(next)).toBe(weight);
    const readLater = [update, operation([weight], other, false)];
    expect(layOut(readLater, new Set([gradient]), held, new Set([next, other])).over.size).toBe(0);
  });

  it("never writes into a constant or a weight that is only read", () => {
    const [constant, y, z] = [buffer(), buffer(), buffer()];
    const layout = layOut([operation([constant], y), operation([y], z)], none, new Set([constant]), new Set([z]));
    expect(layout.over.size).toBe(0);
    expect(layout.offsets.has(constant)).toBe(false);
  });
});
