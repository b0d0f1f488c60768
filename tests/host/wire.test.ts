import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeWire, encodeWire } from "../../src/host/wire.ts";

const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 50 }));
const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "parts", "value", "$bytes"));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe("the wire", () => {
  it("gives back every value of JSON and bytes, whatever its keys are called", () => {
    fc.assert(
      fc.property(value, (sent) => {
        expect(decodeWire(encodeWire(sent))).toEqual(sent);
      }),
    );
  });

  it("refuses frames that are cut off anywhere", () => {
    const frame = encodeWire(["a", new Uint8Array([1, 2, 3]), { b: new Uint8Array(4) }]);
    for (let length = 0; length < frame.length; length++) expect(() => decodeWire(frame.subarray(0, length))).toThrow(/cannot be read/);
  });

  it("answers any bytes with a value or a bad-request, never with another error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeWire(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-request" });
        }
      }),
    );
  });

  it.each([
    ["no parts", { value: 1 }],
    ["a place that is not there", { value: [], parts: [{ at: [0], bytes: 0 }] }],
    ["a place that is taken", { value: [1], parts: [{ at: [0], bytes: 0 }] }],
    ["a place on the prototype", { value: {}, parts: [{ at: ["__proto__", "x"], bytes: 0 }] }],
    ["a place on a constructor", { value: {}, parts: [{ at: ["constructor"], bytes: 0 }] }],
    ["a length below zero", { value: [null], parts: [{ at: [0], bytes: -1 }] }],
    ["a length that is no number", { value: [null], parts: [{ at: [0], bytes: "3" }] }],
  ])("refuses a header with %s", (_, header) => {
    const text = new TextEncoder().encode(JSON.stringify(header));
    const frame = new Uint8Array(4 + text.length);
    new DataView(frame.buffer).setUint32(0, text.length, true);
    frame.set(text, 4);
    expect(() => decodeWire(frame)).toThrow(/cannot be read/);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });
});
