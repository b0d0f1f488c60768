import { HostError } from "./contract.ts";

/**
 * Values with binary parts, as bytes for HTTP: length of the header (uint32, little endian) · header (JSON) · the parts.
 * The header is `{ value, parts }`: in `value` every Uint8Array is replaced by null, `parts` says where each belongs
 * and how long it is. Both ends treat what they get as untrusted.
 */
interface Header {
  readonly value: unknown;
  readonly parts: readonly { readonly at: readonly (string | number)[]; readonly bytes: number }[];
}

export const wireType = "application/x-netloom";
const deepest = 64;

export function encodeWire(value: unknown): Uint8Array<ArrayBuffer> {
  const parts: { at: readonly (string | number)[]; bytes: Uint8Array }[] = [];
  const bare = lift(value, [], parts);
  const header = new TextEncoder().encode(JSON.stringify({ value: bare, parts: parts.map(({ at, bytes }) => ({ at, bytes: bytes.byteLength })) }));
  const frame = new Uint8Array(4 + header.byteLength + parts.reduce((sum, part) => sum + part.bytes.byteLength, 0));
  new DataView(frame.buffer).setUint32(0, header.byteLength, true);
  frame.set(header, 4);
  let offset = 4 + header.byteLength;
  for (const { bytes } of parts) {
    frame.set(bytes, offset);
    offset += bytes.byteLength;
  }
  return frame;
}

function lift(value: unknown, at: readonly (string | number)[], parts: { at: readonly (string | number)[]; bytes: Uint8Array }[]): unknown {
  if (value instanceof Uint8Array) {
    parts.push({ at, bytes: value });
    return null;
  }
  if (at.length > deepest) return value;
  if (Array.isArray(value)) return value.map((item, index) => lift(item, [...at, index], parts));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lift(item, [...at, key], parts)]));
}

/** @throws HostError "bad-request" on anything that `encodeWire` would not make. */
export function decodeWire(frame: Uint8Array): unknown {
  try {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    const end = 4 + view.getUint32(0, true);
    if (end > frame.byteLength) throw new Error("The header is cut off.");
    const header = readHeader(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(frame.subarray(4, end))));
    const box = { value: header.value };
    let offset = end;
    for (const { at, bytes } of header.parts) {
      if (offset + bytes > frame.byteLength) throw new Error("A part is cut off.");
      place(box, ["value", ...at], frame.slice(offset, offset + bytes));
      offset += bytes;
    }
    if (offset !== frame.byteLength) throw new Error("There is more than the header says.");
    return box.value;
  } catch (error) {
    throw new HostError("bad-request", `The message cannot be read. ${error instanceof Error ? error.message : ""}`.trim());
  }
}

function readHeader(raw: unknown): Header {
  if (typeof raw !== "object" || raw === null || !("parts" in raw) || !Array.isArray(raw.parts)) throw new Error("The header has no parts.");
  const parts = raw.parts.map((part: unknown) => {
    if (typeof part !== "object" || part === null || !("at" in part) || !("bytes" in part)) throw new Error("A part is not described.");
    const { at, bytes } = part;
    if (!Array.isArray(at) || at.length > deepest || !at.every((step) => typeof step === "string" || Number.isSafeInteger(step)))
      throw new Error("A part has no place.");
    if (typeof bytes !== "number" || !Number.isSafeInteger(bytes) || bytes < 0) throw new Error("A part has no length.");
    return { at, bytes };
  });
  return { value: "value" in raw ? raw.value : undefined, parts };
}

/** Puts a part where the header has left null for it; only own keys are walked, so no prototype is ever reached. */
function place(box: object, at: readonly (string | number)[], bytes: Uint8Array): void {
  let holder: object = box;
  for (const step of at.slice(0, -1)) {
    const next: unknown = Object.hasOwn(holder, step) ? Reflect.get(holder, step) : undefined;
    if (typeof next !== "object" || next === null) throw new Error("A part has a place that is not there.");
    holder = next;
  }
  const last = at.at(-1);
  if (last === undefined || !Object.hasOwn(holder, last) || Reflect.get(holder, last) !== null) throw new Error("A part has a place that is taken.");
  Reflect.set(holder, last, bytes);
}
