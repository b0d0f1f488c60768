import { byteTokens, learnPairs, mergePair } from "./pairs.ts";
import { createTokenizer } from "./tokenizer.ts";
import { splitWords } from "./words.ts";

/** One merge of byte-pair encoding, as it is shown. */
export interface MergeStep {
  readonly left: string;
  readonly right: string;
  readonly made: string;
  /** How often the two stood side by side. */
  readonly count: number;
}

/** How a short text becomes fewer and longer tokens, merge by merge (UDL figure 12.8). Step 0 is before the first merge. */
export interface MergeSteps {
  readonly merges: readonly MergeStep[];
  /** Tokens of the text, at each step. */
  readonly lengths: readonly number[];
  /** Different tokens among them, at each step: they grow in number, then fall again as parts are used up by wholes. */
  readonly different: readonly number[];
  /** The text in tokens at a step. */
  at(step: number): readonly ShownToken[];
}
export interface ShownToken {
  readonly token: number;
  readonly name: string;
  /** It was made by the step's own merge. */
  readonly fresh: boolean;
}

/** Learns all merges of a text, until its words are tokens, and follows the text through them. */
export function mergeSteps(text: string): MergeSteps {
  const pairs = learnPairs(text, text.length, 1);
  const count = pairs.length / 2;
  const { names } = createTokenizer({ kind: "pairs", merges: pairs, size: byteTokens + count });
  const utf8 = new TextEncoder();
  let words: (readonly number[])[] = splitWords(text).map((word) => [...utf8.encode(word)]);
  const measure = () => ({ length: words.reduce((sum, word) => sum + word.length, 0), different: new Set(words.flat()).size });
  const sizes = [measure()];
  const merges: MergeStep[] = [];
  for (let i = 0; i < count; i++) {
    const [left, right, token] = [pairs[2 * i] as number, pairs[2 * i + 1] as number, byteTokens + i];
    words = words.map((word) => (word.includes(left) && word.includes(right) ? mergePair(word, left, right, token) : word));
    const size = measure();
    merges.push({ left: names[left] ?? "", right: names[right] ?? "", made: names[token] ?? "", count: (sizes.at(-1)?.length ?? 0) - size.length });
    sizes.push(size);
  }
  return {
    merges,
    lengths: sizes.map(({ length }) => length),
    different: sizes.map(({ different }) => different),
    at(step) {
      const tokenizer = createTokenizer({ kind: "pairs", merges: pairs.subarray(0, 2 * step), size: byteTokens + step });
      return Array.from(tokenizer.encode(text), (token) => ({
        token,
        name: names[token] ?? "",
        fresh: step > 0 && token === byteTokens + step - 1,
      }));
    },
  };
}

/** How often each token stands in a text, the most frequent first. */
export function countTokens(tokens: readonly ShownToken[]): readonly (ShownToken & { readonly count: number })[] {
  const counts = new Map<number, ShownToken & { count: number }>();
  for (const one of tokens) {
    const known = counts.get(one.token);
    if (known) known.count++;
    else counts.set(one.token, { ...one, count: 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.token - b.token);
}
