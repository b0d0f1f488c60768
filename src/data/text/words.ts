/** Characters of one word at most: what is longer is cut, so that no word costs more than it should. */
const longest = 64;

/** Runs of letters, of digits or of other signs, each with the space that ends it; and spaces that follow others. */
const word = new RegExp(
  [`[\\p{L}\\p{M}]{1,${longest}}\\s?`, `\\p{N}{1,${longest}}\\s?`, `[^\\s\\p{L}\\p{M}\\p{N}]{1,${longest}}\\s?`, "\\s"].join("|"),
  "gu",
);

/**
 * Cuts a text into words, whose joining gives it back. Tokens never reach across words: so pairs are counted once for each
 * different word, and `sea ` ends in its space as the words of figure 12.8 do.
 */
export const splitWords = (text: string): string[] => text.match(word) ?? [];

const utf8 = new TextEncoder();

/**
 * How often each different word stands in a text, in the order in which they first come.
 * @returns undefined if the different words come to more bytes of UTF-8 than `most`
 */
export function countWords(text: string, most: number): Map<string, number> | undefined {
  const counts = new Map<string, number>();
  let bytes = 0;
  for (const [one] of text.matchAll(word)) {
    const before = counts.get(one);
    if (before === undefined) bytes += utf8.encode(one).length;
    if (bytes > most) return undefined;
    counts.set(one, (before ?? 0) + 1);
  }
  return counts;
}
