/** The least number of single-character insertions, deletions and replacements between two texts (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] as number;
}

/** The name most like `wanted`, case ignored; undefined if there are none. */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  const key = wanted.toLowerCase();
  const ranked = names.map((name) => ({ name, far: distance(key, name.toLowerCase()) }));
  return ranked.sort((a, b) => a.far - b.far)[0]?.name;
}
