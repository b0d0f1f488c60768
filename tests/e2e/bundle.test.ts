import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** What the page loads before it can be used: the entry and all that it imports at once. The rest comes when it is needed. */
const folder = "dist/renderer/assets";
const all = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".js")) : [];
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

/** A sentence of each library's own that stands in it however it was packed. */
const marks = {
  "tfjs-core": "Tensor is disposed.",
  katex: "KaTeX parse error: ",
  dagre: "Not possible to find intersection inside of the rectangle",
  uplot: "u-legend",
  cmdk: "[cmdk-",
  fflate: "invalid zip data",
} as const;

describe("the page's first load", () => {
  const first = new Map<string, string>();
  const visit = (name: string): void => {
    if (first.has(name)) return;
    const code = read(name);
    first.set(name, code);
    for (const [, imported] of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) if (imported) visit(imported);
  };
  const page = readFileSync("dist/renderer/index.html", "utf8");
  for (const [, entry] of page.matchAll(/assets\/([^"]+\.js)/g)) if (entry) visit(entry);

  it.each(Object.entries(marks))("is without %s, which comes when it is needed", (_, mark) => {
    expect([...first].flatMap(([name, code]) => (code.includes(mark) ? [name] : []))).toEqual([]);
    expect(all.some((name) => read(name).includes(mark))).toBe(true);
  });

  it("is no more than 1,300 kB, before it is packed: layers are described on the page, all of them", () => {
    const size = [...first.values()].reduce((sum, code) => sum + code.length, 0);
    expect(size).toBeGreaterThan(100_000);
    expect(size).toBeLessThan(1_300_000);
  });
});
