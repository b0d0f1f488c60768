import type { TextCoding } from "../../tensor/dataset.ts";
import { byteTokens, mergePair, pairKey } from "./pairs.ts";
import { splitWords } from "./words.ts";

/** Tokens for a text, and the text for tokens. */
export interface Tokenizer {
  /** How many different tokens there are, special ones counted. */
  readonly size: number;
  /** What each token stands for, as people read it. */
  readonly names: readonly string[];
  /** Tokens of a text. Characters that have none are left out: `unknown` tells them. */
  encode(text: string): Int32Array;
  /** The text; bytes that make no character, and special tokens, as `names` has them. */
  decode(tokens: Iterable<number>): string;
  /** The different characters of a text that no token can express. Only an alphabet of characters leaves any out. */
  unknown(text: string): readonly string[];
  /** The token of a special name (`"<|end|>"`); texts never give one by themselves. */
  special(name: string): number | undefined;
}

/** Makes the tokenizer that a coding describes. */
export function createTokenizer(coding: TextCoding): Tokenizer {
  const base =
    coding.kind === "characters" ? characterTokens(coding.characters) : pairTokens(coding.kind === "pairs" ? coding.merges : new Int32Array());
  const specials = coding.specials ?? [];
  const first = Math.max(base.names.length, coding.kind === "pairs" ? coding.size : 0);
  const spare = Array.from({ length: first - base.names.length }, () => "");
  const special = new Map(specials.map((name, i) => [name, first + i]));
  return {
    size: first + specials.length,
    names: [...base.names, ...spare, ...specials],
    encode: base.encode,
    decode(tokens) {
      let text = "";
      let open: number[] = [];
      for (const token of tokens) {
        const name = specials[token - first];
        if (name === undefined) open.push(token);
        else {
          text += base.decode(open) + name;
          open = [];
        }
      }
      return text + base.decode(open);
    },
    unknown: base.unknown,
    special: (name) => special.get(name),
  };
}

type Base = Pick<Tokenizer, "names" | "encode" | "decode" | "unknown">;

function characterTokens(characters: readonly string[]): Base {
  const token = new Map(characters.map((character, i) => [character, i]));
  return {
    names: characters,
    encode(text) {
      const tokens = new Int32Array(text.length);
      let count = 0;
      for (const character of text) {
        const one = token.get(character);
        if (one !== undefined) tokens[count++] = one;
      }
      return tokens.slice(0, count);
    },
    decode: (tokens) => Array.from(tokens, (one) => characters[one] ?? "").join(""),
    unknown: (text) => [...new Set(text)].filter((character) => !token.has(character)),
  };
}

function pairTokens(merges: Int32Array): Base {
  const ranks = new Map<number, number>();
  const bytes: number[][] = Array.from({ length: byteTokens }, (_, byte) => [byte]);
  for (let i = 0; 2 * i < merges.length; i++) {
    const [left, right] = [merges[2 * i] as number, merges[2 * i + 1] as number];
    ranks.set(pairKey(left, right), byteTokens + i);
    bytes.push([...(bytes[left] ?? []), ...(bytes[right] ?? [])]);
  }
  const utf8 = new TextEncoder();
  const known = new Map<string, readonly number[]>();
  const tokensOf = (word: string): readonly number[] => {
    const before = known.get(word);
    if (before) return before;
    const tokens = mergeWord([...utf8.encode(word)], ranks);
    if (known.size < mostKnown) known.set(word, tokens);
    return tokens;
  };
  return {
    names: bytes.map(nameOf),
    encode(text) {
      const tokens: number[] = [];
      for (const word of splitWords(text)) for (const token of tokensOf(word)) tokens.push(token);
      return Int32Array.from(tokens);
    },
    decode: (tokens) =>
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(Array.from(tokens, (token) => bytes[token] ?? []).flat())),
    unknown: () => [],
  };
}

/** Words whose tokens are remembered: most of a text is the same few again. */
const mostKnown = 100_000;

/** Merges what was learned first, as long as there is any. */
function mergeWord(bytes: readonly number[], ranks: ReadonlyMap<number, number>): readonly number[] {
  let tokens = bytes;
  for (;;) {
    let best = Number.POSITIVE_INFINITY;
    let at = -1;
    for (let i = 1; i < tokens.length; i++) {
      const token = ranks.get(pairKey(tokens[i - 1] as number, tokens[i] as number));
      if (token !== undefined && token < best) {
        best = token;
        at = i;
      }
    }
    if (at < 0) return tokens;
    tokens = mergePair(tokens, tokens[at - 1] as number, tokens[at] as number, best);
  }
}

/** A token's bytes as text; those that are no whole character as hexadecimal: `⟨e2 80⟩`. */
function nameOf(bytes: readonly number[]): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return `⟨${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}⟩`;
  }
}

/** What the tokens of bytes are called: known without any text. */
export const byteNames: readonly string[] = Array.from({ length: byteTokens }, (_, byte) => nameOf([byte]));
