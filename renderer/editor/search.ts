/** Finding things by a few letters: whole words first, beginnings of words next, then letters in order. */

export interface Searchable {
  readonly title: string;
  /** Other words that find it. */
  readonly words?: readonly string[];
  /** Times the score: below 1 for what should stand behind others that fit as well. */
  readonly weight?: number;
}

/** How well a query fits, 0 to 1; 0 not at all. */
export function score(query: string, item: Searchable): number {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return 1;
  const others = (item.words ?? []).map((word) => 0.8 * scoreText(wanted, word.toLowerCase()));
  return (item.weight ?? 1) * Math.max(scoreText(wanted, item.title.toLowerCase()), ...others, scoreWords(wanted, item));
}

/** The items that are meant, best first; of equals those that are preferred come first, else they stay in their order. */
export function search<T extends Searchable>(query: string, items: readonly T[], preferred: (item: T) => boolean = () => false): readonly T[] {
  if (query.trim() === "") return items;
  return items
    .map((item, index) => ({ item, index, score: score(query, item) }))
    .filter((hit) => hit.score > 0)
    .map((hit) => ({ ...hit, last: preferred(hit.item) ? 0 : 1 }))
    .toSorted((a, b) => b.score - a.score || a.last - b.last || a.index - b.index)
    .map((hit) => hit.item);
}

function scoreText(query: string, text: string): number {
  if (text === query) return 1;
  if (text.startsWith(query)) return 0.92 - 0.1 * (1 - query.length / text.length);
  const inside = text.indexOf(query);
  if (inside > 0) return /[^a-z0-9]/.test(text[inside - 1] ?? "") ? 0.8 : 0.6;
  const initials = text
    .split(/[^a-z0-9]+/)
    .map((word) => word[0] ?? "")
    .join("");
  if (query.length > 1 && initials.startsWith(query)) return 0.7;
  return query.length > 1 ? scoreLetters(query, text) : 0;
}

/** Several words, each found somewhere. */
function scoreWords(query: string, item: Searchable): number {
  const words = query.split(/\s+/);
  if (words.length < 2) return 0;
  const all = [item.title, ...(item.words ?? [])].join(" ").toLowerCase();
  return words.every((word) => all.includes(word)) ? 0.65 : 0;
}

/** Letters in order, few gaps: `cnv2` finds `convolution 2d`. */
function scoreLetters(query: string, text: string): number {
  let at = -1;
  let gaps = 0;
  for (const letter of query.replace(/\s+/g, "")) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return 0;
    if (at >= 0 && next > at + 1) gaps += 1;
    if (at < 0 && next > 0 && /[a-z0-9]/.test(text[next - 1] ?? "")) return 0;
    at = next;
  }
  return Math.max(0, 0.5 - 0.12 * gaps);
}
