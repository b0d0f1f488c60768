import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGraphBatches } from "../../src/data/graphs/graph-batches.ts";
import { elements } from "../../src/data/graphs/smiles.ts";
import { loadDataset } from "../../src/data/load.ts";
import { describeUserData } from "../../src/data/user.ts";
import { testReader, utf8 } from "./reader.ts";

const some = ["CCO", "c1ccccc1", "CC(=O)O", "C#N", "[Na+].[Cl-]", "CCN", "OCC=O", "C1CC1", "N", "BrCCl"];
const csv = ["smiles,toxic,solubility", ...some.map((smiles, i) => `${smiles},${i % 2 ? "yes" : "no"},${i / 3}`)].join("\n");
const request = (name: string, target?: string) => ({ name, validation: 0, seed: 1, ...(target && { options: { target } }) });

describe("a person's molecules", () => {
  it("are known by a column of SMILES, and two classes are both label and target", async () => {
    const described = await describeUserData("own.csv", utf8(csv));
    expect(described).toMatchObject({
      ok: true,
      target: "toxic",
      info: {
        counts: { train: 8, test: 2 },
        uses: ["target"],
        ports: { x: { shape: ["nodes", 118] }, label: { classes: 2, names: ["no", "yes"] }, target: { shape: [1] } },
      },
    });
    expect(described.ok && [...described.infos.keys()]).toEqual(["toxic", "solubility"]);
  });

  it("keep atoms, bonds and answer of a row together in a batch", async () => {
    const data = await loadDataset(request("own.csv", "toxic"), testReader({ "own.csv": utf8(csv) }));
    const batches = createGraphBatches(data, 1);
    const answers = new Map<string, number>();
    for (const split of ["train", "test"] as const)
      for (let row = 0; row < data.splits[split].count; row++) {
        const { ports } = batches.batch(split, Int32Array.of(row), 0);
        const atoms = [...(ports.graph ?? [])].filter((graph) => graph === 0).length;
        const symbols = Array.from({ length: atoms }, (_, atom) => elements[[...(ports.x ?? [])].indexOf(1, atom * 118) - atom * 118]);
        answers.set(symbols.join(""), ports.label?.[0] ?? -1);
      }
    expect(answers.get("CCO")).toBe(0);
    expect(answers.get("CCCCCC")).toBe(1);
    expect(answers.get("BrCCl")).toBe(1);
    expect(answers.size).toBe(10);
  });

  it("may have a number to predict: mean 0 and deviation 1 over the training rows", async () => {
    const data = await loadDataset(request("own.csv", "solubility"), testReader({ "own.csv": utf8(csv) }));
    const target = [...(data.splits.train.ports.target ?? [])];
    const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
    expect(mean).toBeCloseTo(0);
    expect(target.reduce((sum, value) => sum + value ** 2, 0) / target.length).toBeCloseTo(1);
    expect(data.info.ports.label).toBeUndefined();
  });

  it.each([
    ["tabs and names with spaces", some.map((smiles, i) => `${smiles}\tname of ${i}\t${i % 2 ? "is active" : "is not"}`)],
    ["spaces", some.map((smiles, i) => `${smiles}  ${i % 2}`)],
    ["a header", ["SMILES active", ...some.map((smiles, i) => `${smiles} ${i % 2}`)]],
  ])("may be a SMILES list with %s", async (_, lines) => {
    const described = await describeUserData("own.smi", utf8(`${lines.join("\r\n")}\r\n`));
    expect(described).toMatchObject({ ok: true, info: { counts: { train: 8, test: 2 }, ports: { label: { classes: 2 } } } });
  });

  it.each([
    ["own.csv", "smiles,y\nCCO,1\nC1CC,0\n[Xx],1\n,0\n", ["3 C1CC ring 1 is not closed", '4 [Xx] there is no element "Xx"', "5  there is no SMILES"]],
    ["own.smi", "CCO 1\n\nC(C 0\n", ['3 C(C a bracket "(" is not closed']],
    ["own.smi", "CCO 1\nCC\n", ["2  The row has 1 cell"]],
    ["own.smi", "\n\n", ["1  no line with a molecule"]],
  ])("say in words, by line, what is wrong: %s %j", async (name, text, faults) => {
    const described = await describeUserData(name, utf8(text));
    if (described.ok) throw new Error("was read");
    expect(described.problems).toHaveLength(faults.length);
    for (const [i, fault] of faults.entries()) {
      const [line, what, ...words] = fault.split(" ");
      expect(described.problems[i]?.line).toBe(Number(line));
      expect(described.problems[i]?.message).toContain(what);
      expect(described.problems[i]?.message).toContain(words.join(" "));
    }
  });

  it("are read or refused in words, whatever the bytes", async () => {
    const bits = fc.constantFrom("C", "c", "1", "(", ")", "[", "]", "=", "%", ".", "\t", " ", "\n", '"', "é", "\0", "Na", "smiles");
    const texts = fc.array(bits, { maxLength: 60 }).map((parts) => utf8(parts.join("")));
    await fc.assert(
      fc.asyncProperty(fc.oneof(texts, fc.uint8Array({ maxLength: 200 })), fc.constantFrom("a.smi", "a.csv"), async (bytes, name) => {
        const described = await describeUserData(name, bytes);
        if (!described.ok) for (const { message } of described.problems) expect(message).toMatch(/^.{10,}$/s);
      }),
      { numRuns: 300 },
    );
  });
});
