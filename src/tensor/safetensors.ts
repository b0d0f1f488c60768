import { z } from "zod";

/**
 * The safetensors format (huggingface.co/docs/safetensors): eight bytes with the header's length, a JSON header
 * that says name, type, shape and place of each tensor, then the numbers, little-endian, without holes.
 * It holds weights and checkpoints; every framework reads it, and nothing in it can be executed.
 */

export interface SafetensorF32 {
  readonly dtype: "F32";
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export interface SafetensorI32 {
  readonly dtype: "I32";
  readonly shape: readonly number[];
  readonly data: Int32Array;
}
export type Safetensor = SafetensorF32 | SafetensorI32;
export type Safetensors = Readonly<Record<string, Safetensor>>;
export type SafetensorsMetadata = Readonly<Record<string, string>>;

/** The header's largest size that is read: the reference implementation's limit. */
const maxHeaderBytes = 100_000_000;
const bytesPerElement = 4;

/** A file that is not what it should be; the message is for people. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}

const entrySchema = z.object({
  dtype: z.string().max(16),
  shape: z.array(z.int().min(0)).max(32),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadataSchema = z.record(z.string(), z.string());

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/**
 * Writes tensors, in the given order, and texts about them into one file.
 * @throws SafetensorsError if a tensor has more or fewer numbers than its shape says, or is named `__metadata__`.
 */
export function encodeSafetensors(tensors: Safetensors, metadata?: SafetensorsMetadata): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors);
  const places: [string, unknown][] = metadata === undefined ? [] : [["__metadata__", metadata]];
  let end = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    if (name === "__metadata__") throw new SafetensorsError("A tensor cannot be named __metadata__: the format keeps that name for itself.");
    if (elements(shape) !== data.length)
      throw new SafetensorsError(`The tensor "${name}" has ${data.length} numbers where its shape [${shape.join(", ")}] needs ${elements(shape)}.`);
    places.push([name, { dtype, shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(places)));
  const headerBytes = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8 + header.length, 8 + headerBytes);
  bytes.set(header, 8);
  let at = 8 + headerBytes;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads an untrusted file. The numbers are copied: the file's bytes may be dropped.
 * @throws SafetensorsError, in words for people, if anything in the file contradicts anything else.
 */
export function decodeSafetensors(bytes: Uint8Array): { tensors: Safetensors; metadata: SafetensorsMetadata } {
  const { header, start } = readHeader(bytes);
  const available = bytes.length - start;
  const tensors: [string, Safetensor][] = [];
  const ranges: { name: string; begin: number; end: number }[] = [];
  let metadata: SafetensorsMetadata = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") {
      const parsed = metadataSchema.safeParse(value);
      if (!parsed.success) throw new SafetensorsError("The file's __metadata__ should map names to texts, and does not.");
      metadata = parsed.data;
      continue;
    }
    const parsed = entrySchema.safeParse(value);
    if (!parsed.success)
      throw new SafetensorsError(`The tensor ${quote(name)} is not described as it should be: type, shape and data_offsets are needed.`);
    const { dtype, shape, data_offsets } = parsed.data;
    const [begin, end] = data_offsets;
    if (dtype !== "F32" && dtype !== "I32")
      throw new SafetensorsError(
        `The tensor ${quote(name)} holds numbers of type ${quote(dtype)}; Netloom reads F32 and I32. Save it as one of these.`,
      );
    if (begin > end || end > available)
      throw new SafetensorsError(
        `The tensor ${quote(name)} should stand at bytes ${begin} to ${end} of the data, but the file has ${available}. It may have been cut short.`,
      );
    const count = elements(shape);
    if (count * bytesPerElement !== end - begin)
      throw new SafetensorsError(
        `The tensor ${quote(name)} has ${end - begin} bytes where its shape [${shape.join(", ")}] needs ${count * bytesPerElement}.`,
      );
    ranges.push({ name, begin, end });
    // Not `bytes.slice`: that of Node's Buffer copies nothing, and its `buffer` holds more.
    const { buffer } = new Uint8Array(bytes.subarray(start + begin, start + end));
    tensors.push([name, dtype === "F32" ? { dtype, shape, data: new Float32Array(buffer) } : { dtype, shape, data: new Int32Array(buffer) }]);
  }
  checkCover(ranges, available);
  return { tensors: Object.fromEntries(tensors), metadata };
}

/** Two tensors over the same bytes, or bytes that belong to none, are how such files are abused: both are refused. */
function checkCover(ranges: { name: string; begin: number; end: number }[], available: number): void {
  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of ranges) {
    if (begin < covered) throw new SafetensorsError(`The tensor ${quote(name)} overlaps another one in the file.`);
    if (begin > covered) throw new SafetensorsError(`Bytes ${covered} to ${begin} of the data belong to no tensor.`);
    covered = end;
  }
  if (covered !== available) throw new SafetensorsError(`The file has ${available - covered} bytes after its last tensor that belong to none.`);
}

function readHeader(bytes: Uint8Array): { header: Readonly<Record<string, unknown>>; start: number } {
  if (bytes.length < 8)
    throw new SafetensorsError(`This is no safetensors file: it has ${bytes.length} bytes, fewer than its header's length takes.`);
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (size > BigInt(maxHeaderBytes))
    throw new SafetensorsError(`This is no safetensors file: it announces a header of ${size} bytes, over the limit of ${maxHeaderBytes}.`);
  const start = 8 + Number(size);
  if (start > bytes.length)
    throw new SafetensorsError(`The file announces a header of ${size} bytes and has only ${bytes.length - 8} more. It may have been cut short.`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
  } catch {
    throw new SafetensorsError("This is no safetensors file: its header is not JSON.");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw new SafetensorsError("This is no safetensors file: its header is not a JSON object.");
  return { header: header as Readonly<Record<string, unknown>>, start };
}

/** A name out of an untrusted file, short enough for a message. */
const quote = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
