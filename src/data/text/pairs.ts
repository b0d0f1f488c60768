import { createHeap } from "./heap.ts";
import { countWords } from "./words.ts";

/**
 * Byte-pair encoding (UDL 12.5.1, figure 12.8): the pair of tokens that stands side by side most often becomes a token of its own,
 * again and again. Tokens 0 to 255 are the bytes of UTF-8, so that every text can be written; merge i makes token 256 + i.
 */

/** Tokens before the first merge: the bytes. */
export const byteTokens = 256;
/** Tokens at most: two of them are kept in one number. */
export const mostTokens = 65_536;

/**
 * Bytes of a text's different words at most, from which merges are learned: each costs some 150 bytes of memory, and time at every merge.
 * A novel has 0.2 MiB of them; random words, or a long text in a script without spaces, may all be different.
 */
export const mostDifferent = 2 * 2 ** 20;

/** A pair of tokens as one number. */
export const pairKey = (left: number, right: number): number => left * mostTokens + right;

interface Word {
  tokens: number[];
  readonly count: number;
}
interface Candidate {
  readonly key: number;
  readonly count: number;
}

/** Of pairs that are equally frequent the one whose tokens were made first. */
const before = (a: Candidate, b: Candidate): boolean => a.count > b.count || (a.count === b.count && a.key < b.key);

/**
 * Learns merges from a text: the two tokens of the first, of the second, and so on. Fewer than asked for where no pair is left that stands
 * there often enough. The same text gives the same merges.
 * @throws Error with a message for people if the words that are different come to more than `mostDifferent` bytes
 * @param least how often a pair must stand there: with 1, words become whole in the end
 */
export function learnPairs(text: string, merges: number, least = 2): Int32Array {
  const bytes = new TextEncoder();
  const words = Array.from(differentWords(text), ([word, count]): Word => ({ tokens: [...bytes.encode(word)], count }));
  const counts = new Map<number, number>();
  /** Words in which a pair stands, or once stood. */
  const places = new Map<number, Set<number>>();
  const note = (at: number, sign: 1 | -1, touched?: Set<number>) => {
    const { tokens, count } = words[at] as Word;
    for (let i = 1; i < tokens.length; i++) {
      const key = pairKey(tokens[i - 1] as number, tokens[i] as number);
      counts.set(key, (counts.get(key) ?? 0) + sign * count);
      if (sign < 0) continue;
      touched?.add(key);
      const known = places.get(key);
      if (known) known.add(at);
      else places.set(key, new Set([at]));
    }
  };
  for (const at of words.keys()) note(at, 1);
  const heap = createHeap(before);
  for (const [key, count] of counts) heap.push({ key, count });

  const learned: number[] = [];
  const most = Math.min(merges, mostTokens - byteTokens);
  while (learned.length < 2 * most) {
    const best = heap.pop();
    if (best === undefined) break;
    const count = counts.get(best.key) ?? 0;
    // Counts that have fallen since are put back where they belong; those that rise are always of the token just made.
    if (count !== best.count) {
      if (count > 0 && count < best.count) heap.push({ key: best.key, count });
      continue;
    }
    if (count < least) break;
    const [left, right] = [Math.floor(best.key / mostTokens), best.key % mostTokens];
    const token = byteTokens + learned.length / 2;
    learned.push(left, right);
    const touched = new Set<number>();
    for (const at of places.get(best.key) ?? []) {
      note(at, -1);
      (words[at] as Word).tokens = mergePair((words[at] as Word).tokens, left, right, token);
      note(at, 1, touched);
    }
    counts.delete(best.key);
    places.delete(best.key);
    for (const key of touched) if (isOf(key, token)) heap.push({ key, count: counts.get(key) ?? 0 });
  }
  return Int32Array.from(learned);
}

const isOf = (key: number, token: number): boolean => Math.floor(key / mostTokens) === token || key % mostTokens === token;

function differentWords(text: string): ReadonlyMap<string, number> {
  const words = countWords(text, mostDifferent);
  if (words) return words;
  throw new Error(
    `Byte pairs are learned from a text's different words, and the different words of this one come to more than ${mostDifferent / 2 ** 20} MiB: too many to count their pairs. Choose characters or bytes as tokens, or take a part of the text.`,
  );
}

/** The tokens with each such pair made one, from the left. */
export function mergePair(tokens: readonly number[], left: number, right: number, token: number): number[] {
  const merged: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === left && tokens[i + 1] === right) {
      merged.push(token);
      i++;
    } else merged.push(tokens[i] as number);
  }
  return merged;
}
