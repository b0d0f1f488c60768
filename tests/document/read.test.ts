import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentJsonSchema } from "../../src/document/json-schema.ts";
import { migrations } from "../../src/document/migrations.ts";
import { type ReadProblem, readDocument } from "../../src/document/read.ts";
import { currentVersion } from "../../src/document/schema.ts";
import { writeDocument } from "../../src/document/write.ts";

const versions = new URL("versions/", import.meta.url);
const version1 = readFileSync(new URL("1.json", versions), "utf8");
const empty = { netloom: 1, name: "t", nodes: [] as unknown[], edges: [] as unknown[] };

function problemsOf(text: string): readonly ReadProblem[] {
  const result = readDocument(text);
  return result.ok ? [] : result.problems;
}

describe("reading a document", () => {
  it("keeps every field through a round trip, known or not", () => {
    const result = readDocument(version1);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(JSON.parse(writeDocument(result.document))).toEqual(JSON.parse(version1));
  });

  it("has a migration and a kept file for every version up to the current one", () => {
    const kept = readdirSync(versions);
    for (let version = 1; version <= currentVersion; version++) {
      expect(kept).toContain(`${version}.json`);
      expect(readDocument(readFileSync(new URL(`${version}.json`, versions), "utf8")).ok).toBe(true);
      if (version < currentVersion) expect(migrations).toHaveProperty(String(version));
    }
  });

  it("refuses a newer version and says what to do", () => {
    const [problem] = problemsOf(`{\n "netloom": ${currentVersion + 1},\n "name": "x" }`);
    expect(problem).toMatchObject({ path: "netloom", line: 2 });
    expect(problem?.message).toContain("Update Netloom");
  });

  it("tells the line and the path of a wrong value", () => {
    const text = JSON.stringify(
      {
        ...empty,
        nodes: [
          { id: "a", type: "relu" },
          { id: "2bad", type: "relu" },
        ],
      },
      null,
      2,
    );
    const [problem] = problemsOf(text);
    expect(problem?.path).toBe("nodes[1].id");
    expect(text.split("\n")[(problem?.line ?? 0) - 1]).toContain("2bad");
  });

  it("tells a truncated file from an invalid one", () => {
    expect(problemsOf(version1.slice(0, 500))[0]?.message).toMatch(/incomplete/);
    expect(problemsOf('{"netloom": 1,, }')[0]?.message).toMatch(/not valid JSON/);
    expect(problemsOf("  ")[0]?.message).toMatch(/empty/);
  });

  it("refuses two nodes of one id, and ids that stand for a block's own ports", () => {
    expect(
      problemsOf(
        JSON.stringify({
          ...empty,
          nodes: [
            { id: "a", type: "x" },
            { id: "a", type: "x" },
          ],
        }),
      )[0]?.path,
    ).toBe("nodes[1].id");
    const block = { inputs: [], outputs: [], nodes: [{ id: "in", type: "x" }], edges: [] };
    expect(problemsOf(JSON.stringify({ ...empty, blocks: { b: block } }))[0]?.message).toMatch(/own ports/);
  });

  it("answers at once to ten megabytes of nesting", () => {
    const text = `{"netloom":1,"name":"x","edges":[],"nodes":${"[".repeat(10_000_000)}`;
    expect(problemsOf(text)[0]?.message).toMatch(/nested/);
  });

  it("refuses blocks named as what every object has: they would be found where none was put", () => {
    expect(problemsOf(JSON.stringify({ ...empty, nodes: [{ id: "a", type: "block:constructor" }], blocks: {} }))[0]?.path).toBe("nodes[0].type");
    const block = { inputs: [], outputs: [], nodes: [], edges: [] };
    expect(problemsOf(JSON.stringify({ ...empty, blocks: { toString: block } }))[0]?.path).toBe("blocks.toString");
  });

  it("does not pollute prototypes", () => {
    readDocument(
      '{"netloom":1,"name":"x","nodes":[{"id":"a","type":"relu","params":{"__proto__":{"polluted":1}}}],"edges":[],"__proto__":{"polluted":1}}',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.nat(version1.length), fc.nat(version1.length), fc.string({ maxLength: 5 }), (from, length, put) => {
        readDocument(version1.slice(0, from) + put + version1.slice(from + (length % 7)));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("publishes the JSON Schema that it checks by", () => {
    const published = JSON.parse(readFileSync(new URL("../../build/schema/netloom-1.schema.json", import.meta.url), "utf8"));
    expect(published).toEqual(JSON.parse(JSON.stringify(documentJsonSchema())));
  });
});
