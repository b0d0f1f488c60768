import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = "dist/verify";

/** Weights belong to the template's text: another text, other weights. Changes of the engine are not seen; delete the folder then. */
const place = (id: string, text: string) => `${folder}/${id}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.safetensors`;

/** The checkpoint that the last training of this very template left. */
export function keptWeights(id: string, text: string): Uint8Array | undefined {
  const path = place(id, text);
  return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
}

export function keepWeights(id: string, text: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(place(id, text), bytes);
}
