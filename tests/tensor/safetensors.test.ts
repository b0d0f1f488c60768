import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, type Safetensor, SafetensorsError } from "../../src/tensor/safetensors.ts";

const shape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
const size = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);
const tensor: fc.Arbitrary<Safetensor> = shape.chain((dims) =>
  fc.oneof(
    fc.float32Array({ minLength: size(dims), maxLength: size(dims) }).map((data): Safetensor => ({ dtype: "F32", shape: dims, data })),
    fc.int32Array({ minLength: size(dims), maxLength: size(dims) }).map((data): Safetensor => ({ dtype: "I32", shape: dims, data })),
  ),
);
/** The reader drops `__proto__`, which no honest file has. */
const name = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => text !== "__metadata__" && text !== "__proto__");
const file = (header: unknown, data = new Uint8Array(0), length?: bigint): Uint8Array => {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
};
const entry = (dims: number[], begin: number, end: number, dtype = "F32") => ({ dtype, shape: dims, data_offsets: [begin, end] });

describe("safetensors", () => {
  it("reads a Buffer of Node's, which may be a part of a larger one", () => {
    const bytes = encodeSafetensors({ a: { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) } });
    const within = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    expect(decodeSafetensors(within).tensors.a?.data).toEqual(Float32Array.of(1, 2));
  });

  it("gives back every bit of what was written, names and metadata too", () => {
    fc.assert(
      fc.property(fc.dictionary(name, tensor), fc.dictionary(name, fc.string({ unit: "grapheme" })), (tensors, metadata) => {
        const read = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort());
        for (const [key, { dtype, shape, data }] of Object.entries(tensors)) {
          const back = read.tensors[key];
          expect([back?.dtype, back?.shape]).toEqual([dtype, shape]);
          const bits = (array: Float32Array | Int32Array) => [...new Uint8Array(array.buffer, array.byteOffset, array.byteLength)];
          expect(bits(back?.data ?? new Float32Array())).toEqual(bits(data));
        }
        expect({ ...read.metadata }).toEqual({ ...metadata });
      }),
    );
  });

  it("reads a file that begins at an odd byte of a larger buffer", () => {
    const bytes = encodeSafetensors({ w: { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) } });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3)).tensors.w?.data).toEqual(Float32Array.of(1, 2));
  });

  it("keeps the numbers aligned to eight bytes, as the format asks", () => {
    const bytes = encodeSafetensors({ weight: { dtype: "F32", shape: [1], data: Float32Array.of(1) } }, { step: "5" });
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it("refuses to write a tensor whose numbers do not fit its shape", () => {
    expect(() => encodeSafetensors({ w: { dtype: "F32", shape: [3], data: new Float32Array(2) } })).toThrow(
      /2 numbers where its shape \[3\] needs 3/,
    );
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["an empty file", new Uint8Array(0), /no safetensors file/],
    ["a header longer than the limit", file("{}", undefined, 2n ** 60n), /over the limit/],
    ["a header longer than the file", file("{}", undefined, 500n), /cut short/],
    ["a header that is not JSON", file("{oops"), /not JSON/],
    ["a header that is a list", file([]), /not a JSON object/],
    ["a tensor without a shape", file({ w: { dtype: "F32", data_offsets: [0, 0] } }), /not described as it should be/],
    ["a type that Netloom does not read", file({ w: entry([1], 0, 2, "F16") }, new Uint8Array(2)), /"F16".*F32 and I32/],
    ["offsets beyond the file", file({ w: entry([2], 0, 8) }, new Uint8Array(4)), /cut short/],
    ["offsets that run backwards", file({ w: entry([0], 4, 0) }, new Uint8Array(4)), /bytes 4 to 0/],
    ["sizes that contradict the shape", file({ w: entry([2], 0, 4) }, new Uint8Array(4)), /4 bytes where its shape \[2\] needs 8/],
    ["a shape whose product overflows", file({ w: entry([2 ** 40, 2 ** 40], 0, 4) }, new Uint8Array(4)), /needs/],
    ["tensors that overlap", file({ a: entry([2], 0, 8), b: entry([1], 4, 8) }, new Uint8Array(8)), /overlaps/],
    ["bytes between tensors", file({ a: entry([1], 0, 4), b: entry([1], 8, 12) }, new Uint8Array(12)), /belong to no tensor/],
    ["bytes after the last tensor", file({ a: entry([1], 0, 4) }, new Uint8Array(8)), /4 bytes after/],
    ["metadata that is not text", file({ __metadata__: { step: 5 } }), /__metadata__/],
  ])("refuses %s in words", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
    expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError);
  });

  it("answers any bytes, and any damaged file, with tensors or a SafetensorsError", () => {
    const good = encodeSafetensors({
      a: { dtype: "F32", shape: [2, 2], data: new Float32Array(4) },
      b: { dtype: "I32", shape: [1], data: new Int32Array(1) },
    });
    const survives = (bytes: Uint8Array) => {
      try {
        decodeSafetensors(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(SafetensorsError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives));
    fc.assert(fc.property(fc.json({ maxDepth: 3 }), (text) => survives(file(text))));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(good.length), (changes, cut) => {
        const bytes = good.slice(0, good.length - (cut % 7 === 0 ? cut : 0));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        survives(bytes);
      }),
    );
  });
});
