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
  }
  const whole = new Uint8Array(parts.length * 32);
  parts.forEach((part, i) => {
    whole.set(part, i * 32);
  });
  return Array.from(await sha256(whole), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Each array is hashed by itself, so that no copy of the whole set is ever needed. */
const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes.slice()));
