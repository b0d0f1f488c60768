import type { DatasetInfo, SplitData } from "../tensor/dataset.ts";

/** SHA-256, hex, of what a data set holds: names and types of its ports, then the values of each port of each split. */
export async function contentHash(info: DatasetInfo, splits: readonly SplitData[]): Promise<string> {
  const types = Object.entries(info.ports).map(([port, { shape, dtype, classes }]) => [port, shape, dtype, classes ?? null]);
  const parts = [await sha256(new TextEncoder().encode(JSON.stringify(types)))];
  for (const split of splits) {
    for (const port of Object.keys(info.ports)) {
      const values = split.ports[port];
      if (values !== undefined) parts.push(await sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
    }
    for (const values of Object.values(split.graphs ?? {}))
      if (values instanceof Int32Array) parts.push(await sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
  }
  const whole = new Uint8Array(parts.length * 32);
  parts.forEach((part, i) => {
    whole.set(part, i * 32);
  });
  return hex(await sha256(whole));
}

/** SHA-256, hex, of a file. */
export const bytesHash = async (bytes: Uint8Array): Promise<string> => hex(await sha256(bytes));

/** Each array is hashed by itself, so that no copy of the whole set is ever needed. */
async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  const { buffer, byteOffset, byteLength } = bytes;
  // Web Crypto takes no shared memory.
  const own = buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", own));
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
