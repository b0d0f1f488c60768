import { type Outcome, refuse } from "../types.ts";
import { type TextFacts, textFacts } from "./facts.ts";

/** More than a laptop learns from; little enough to hold as tokens twice. Fewer characters are no text to learn from. */
export const textLimits = { bytes: 32 * 1024 * 1024, characters: 1000 } as const;

export interface ReadText {
  readonly text: string;
  readonly facts: TextFacts;
}

/** Reads a user's text: UTF-8 (or UTF-16 with a byte-order mark); line ends become `\n`. A fault names its line. */
export function readText(bytes: Uint8Array): Outcome<ReadText> {
  if (bytes.length === 0) return refuse("The file is empty.", { line: 1 });
  if (bytes.length > textLimits.bytes)
    return refuse(`The text has ${Math.ceil(bytes.length / 2 ** 20)} MiB; at most ${textLimits.bytes / 2 ** 20} MiB can be read. Take a part of it.`);
  const decoded = decode(bytes);
  if (!decoded.ok) return decoded;
  const text = decoded.text.replace(/\r\n?/g, "\n");
  const facts = textFacts(text);
  const characters = facts.train.characters + facts.test.characters;
  if (characters < textLimits.characters)
    return refuse(`The text has ${characters} characters; at least ${textLimits.characters} are needed to learn anything from it.`);
  return { ok: true, text, facts };
}

function decode(bytes: Uint8Array): Outcome<{ readonly text: string }> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { ok: true, text: new TextDecoder("utf-16le").decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { ok: true, text: new TextDecoder("utf-16be").decode(bytes) };
  const zero = bytes.indexOf(0);
  if (zero >= 0) return refuse("Here stands a zero byte: this is a binary file, not a text.", { line: lineOf(bytes, zero) });
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return refuse("Here are bytes that are not UTF-8. Save the text with the encoding UTF-8 and try again.", {
      line: lineOf(bytes, firstInvalid(bytes)),
    });
  }
}

/** Place of the first byte that is not part of a character: where the longest part that decodes ends. */
function firstInvalid(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}

const lineOf = (bytes: Uint8Array, at: number): number => bytes.subarray(0, at).reduce((line, byte) => (byte === 0x0a ? line + 1 : line), 1);
