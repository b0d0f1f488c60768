import { type Outcome, refuse } from "./types.ts";

/** Text from bytes: UTF-8, UTF-16 if a byte-order mark says so, else Windows-1252, which older spreadsheets write. */
export function decodeText(bytes: Uint8Array): Outcome<{ readonly text: string }> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { ok: true, text: new TextDecoder("utf-16le").decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { ok: true, text: new TextDecoder("utf-16be").decode(bytes) };
  if (bytes.subarray(0, 65_536).includes(0))
    return refuse("This is a binary file, not a table of text. Save the data as CSV and try again.", { line: 1 });
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { ok: true, text: new TextDecoder("windows-1252").decode(bytes) };
  }
}
