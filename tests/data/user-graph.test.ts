import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { describeUserData, formatProblems } from "../../src/data/user.ts";
import { testReader, utf8 } from "./reader.ts";

const zip = (files: Readonly<Record<string, string>>) => zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, utf8(text)])));
const request = (name: string, more: { target?: string; validation?: number } = {}) => ({
  name,
  seed: 1,
  validation: more.validation ?? 0,
  ...(more.target && { options: { target: more.target } }),
});
const load = (bytes: Uint8Array, more = {}, name = "own.zip") => loadDataset(request(name, more), testReader({ [name]: bytes }));
const why = async (bytes: Uint8Array, name = "own.zip") => {
  const described = await describeUserData(name, bytes);
  return described.ok ? "fine" : formatProblems(described.problems);
};
const numbers = (values: ArrayLike<number> | undefined) => [...Array.from(values ?? [])];

const people = [
  "id,age,town,side",
  ..."abcdefghij".split("").map((id, i) => `${id},${20 + i},${i % 2 ? "Ulm" : "Bonn"},${i < 5 ? "left" : "right"}`),
];
const edges = "source,target\na,b\nb,c\nc,d\nd,e\ne,f\nf,g\ng,h\nh,i\ni,j\nj,j\nb,a\n";
const folder = { "g/edges.csv": edges, "g/nodes.csv": people.join("\n") };

describe("a person's graph", () => {
  it("has features, edges both ways once, classes and a mask", async () => {
    const { info, splits } = await load(zip(folder));
    expect(info).toMatchObject({
      whole: true,
      counts: { train: 1, validation: 0, test: 1 },
      ports: {
        x: { shape: [10, 3] },
        edges: { shape: [18, 2], classes: 10 },
        label: { shape: [10], classes: 2, names: ["left", "right"] },
        mask: { shape: [10] },
      },
    });
    const { ports } = splits.train;
    expect(numbers(ports.edges).slice(0, 8)).toEqual([1, 0, 0, 1, 2, 1, 1, 2]);
    expect(numbers(ports.label)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(numbers(ports.x).filter((_, i) => i % 3 === 1)).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
    const masks = numbers(ports.mask).map((one, i) => one + (splits.test.ports.mask?.[i] ?? 0));
    expect(masks).toEqual(new Array(10).fill(1));
    expect(numbers(ports.mask).filter(Boolean)).toHaveLength(8);
  });

  it("may have a number to predict, of a column for each node", async () => {
    const { info, splits } = await load(zip(folder), { target: "age" });
    expect(info.ports).toMatchObject({ x: { shape: [10, 4] }, target: { shape: [10, 1] }, mask: { shape: [10, 1] } });
    expect(splits.train.ports.target).toHaveLength(10);
  });

  it("is split as a column says, and nodes without a class are in no part", async () => {
    const parts = ["train", "train", "validation", "test", "train", "train", "", "test", "val", "train"];
    const rows = people.map((row, i) => (i === 0 ? `${row},split` : `${i === 1 ? row.replace("left", "") : row},${parts[i - 1]}`));
    const { info, splits } = await load(zip({ ...folder, "g/nodes.csv": rows.join("\n") }), { validation: 0.5 });
    expect(info.counts).toEqual({ train: 1, validation: 1, test: 1 });
    expect(numbers(splits.train.ports.mask)).toEqual([0, 1, 0, 0, 1, 1, 0, 0, 0, 1]);
    expect(numbers(splits.validation.ports.mask)).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 1, 0]);
    expect(numbers(splits.test.ports.mask)).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0, 0]);
    expect(Math.min(...numbers(splits.train.ports.label))).toBe(0);
  });

  it("sets training nodes aside for validation by the seed, and its content is known by the same hash", async () => {
    const [plain, held] = [await load(zip(folder)), await load(zip(folder), { validation: 0.25 })];
    expect(numbers(held.splits.validation.ports.mask).filter(Boolean)).toHaveLength(2);
    expect(numbers(held.splits.train.ports.mask).filter(Boolean)).toHaveLength(6);
    expect(held.hash).toBe(plain.hash);
  });

  it("keeps each way's own weight, and kinds of edges", async () => {
    const list = "from,to,weight,relation\na,b,2,likes\nb,a,3,likes\na,b,5,knows\nb,c,7,knows\n";
    const { info, splits } = await load(utf8(list), {}, "own.csv");
    expect(info.ports).toMatchObject({
      x: { shape: [3, 3] },
      relation: { shape: [6], classes: 2, names: ["knows", "likes"] },
      weight: { shape: [6, 1] },
    });
    const { edges: pairs, weight, relation } = splits.train.ports;
    const told = numbers(weight).map((value, e) => `${pairs?.[2 * e]}→${pairs?.[2 * e + 1]} ${value} ${relation?.[e]}`);
    expect(told).toEqual(["1→0 5 0", "1→0 3 1", "0→1 5 0", "0→1 2 1", "2→1 7 0", "1→2 7 0"]);
  });

  it("may be edges without a header, if the file is called so", async () => {
    const { info, splits } = await load(utf8("7\t9\n9\t11\n"), {}, "edges.tsv");
    expect(Object.keys(info.ports)).toEqual(["x", "edges"]);
    expect(numbers(splits.train.ports.edges)).toEqual([1, 0, 0, 1, 2, 1, 1, 2]);
  });

  it("knows nodes by how many neighbours they have where there are too many to number", async () => {
    const star = ["source,target", ...Array.from({ length: 1500 }, (_, i) => `hub,n${i}`)].join("\n");
    const { info, splits } = await load(utf8(star), {}, "star.csv");
    expect(info.ports.x?.shape).toEqual([1501, 2]);
    const x = numbers(splits.train.ports.x);
    expect(x[1]).toBeGreaterThan(10);
    expect(x[3]).toBeLessThan(0);
  });

  it("says in which file and line something is wrong", async () => {
    const nodes = people.join("\n");
    expect(await why(zip({ "edges.csv": `${edges}a,zz`, "nodes.csv": nodes }))).toBe(
      'edges.csv: line 13: There is no node "zz" in nodes.csv. Add it there, or take the row out.',
    );
    expect(await why(zip({ "edges.csv": edges, "nodes.csv": `${nodes}\nb,1,Ulm,left` }))).toContain(
      'nodes.csv: line 12: The id "b" is on line 3 already',
    );
    expect(await why(zip({ "edges.csv": edges, "nodes.csv": nodes.replace("id,", "who,") }))).toContain('nodes.csv: line 1: There is no column "id"');
    expect(await why(zip({ "edges.csv": "a,b\nx,y", "nodes.csv": nodes }))).toContain('edges.csv: line 1: An edge list has the columns "source"');
    expect(await why(zip({ "edges.csv": `${edges}a,b,c`, "nodes.csv": nodes }))).toContain(
      "edges.csv: line 13: The row has 3 cells, the first line 2",
    );
    expect(await why(zip({ "edges.csv": edges, "nodes.csv": people.map((row, i) => `${row},${i ? "later" : "split"}`).join("\n") }))).toContain(
      'nodes.csv: line 2: "split" is "later"',
    );
    expect(await why(utf8("source,target,weight\na,b,heavy\n"), "own.csv")).toContain('line 2: "weight" is no number here');
    expect(await why(utf8("source,target\na,a\n"), "own.csv")).toBe("No edge joins two different nodes.");
    expect(await why(zip({ "a/edges.csv": edges, "b/edges.csv": edges }))).toContain("b/edges.csv: There is more than one file");
  });

  it("leaves tables alone that only have a column called target", async () => {
    const described = await describeUserData("own.csv", utf8(`source,target,size\n${"a,yes,1\nb,no,2\n".repeat(5)}`));
    expect(described.ok && described.preview.kind).toBe("table");
  });

  it("is either read or refused in words, whatever the files hold", async () => {
    const cell = fc.oneof(
      fc.constantFrom("a", "b", "1", "", "source", "target", "id", "split", "train", "NaN", "1e99", '"'),
      fc.string({ maxLength: 4 }),
    );
    const text = fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 8 }).map((rows) => rows.map((row) => row.join(",")).join("\n"));
    const anEdge = fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("a", "b", "c", "d")).map((pair) => pair.join(","));
    const someEdges = fc.array(anEdge, { maxLength: 9 }).map((rows) => ["source,target", ...rows].join("\n"));
    const someNodes = fc
      .array(text, { maxLength: 1 })
      .map(([rest = ""]) => `id,x,split\na,1,train\nb,2,test\nc,3,\nd,1,train\ne,0,train\nf,2,val\n${rest}`);
    let read = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, someEdges), fc.option(fc.oneof(text, someNodes)), async (list, table) => {
        const bytes = zip({ "edges.csv": list, ...(table !== null && { "nodes.csv": table }) });
        const described = await describeUserData("own.zip", bytes);
        if (!described.ok) {
          expect(formatProblems(described.problems)).toMatch(/\w+/);
          return;
        }
        read++;
        const { splits } = await load(bytes);
        const { x, edges: pairs } = splits.train.ports;
        const nodes = Number(described.info.ports.x?.shape[0]);
        expect(x?.length).toBe(nodes * Number(described.info.ports.x?.shape[1]));
        expect(numbers(x).every(Number.isFinite)).toBe(true);
        expect(numbers(pairs).every((end) => end >= 0 && end < nodes)).toBe(true);
      }),
      { numRuns: 150 },
    );
    expect(read).toBeGreaterThan(20);
  });
});
