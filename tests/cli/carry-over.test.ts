import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeSafetensors } from "../../src/tensor/safetensors.ts";
import { type Bench, createBench, moons } from "./run.ts";

/** The same network with its first layer called "first", and a layer more. */
const deeper = {
  ...moons,
  name: "Deeper",
  nodes: [
    ...moons.nodes.map((node) => (node.id === "hidden" ? { ...node, id: "first" } : node)),
    { id: "more", type: "dense", params: { units: 8 } },
  ],
  edges: [
    ...moons.edges
      .filter(({ to }) => to !== "linear.x")
      .map(({ from, to }) => ({ from: from.replace("hidden", "first"), to: to.replace("hidden", "first") })),
    { from: "relu.y", to: "more.x" },
    { from: "more.y", to: "linear.x" },
  ],
};

describe("netloom train --from", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await createBench();
    await bench.file("moons.json", moons);
    await bench.file("deeper.json", deeper);
    await bench.run("train", "moons.json", "--out", "first-run");
  });
  afterAll(() => bench.dispose());

  const json = async (...parts: string[]) => JSON.parse(await readFile(join(bench.folder, ...parts), "utf8"));
  const weights = async (run: string) => decodeSafetensors(new Uint8Array(await readFile(join(bench.folder, run, "checkpoint.safetensors")))).tensors;

  it("tells the mapping first, begins with those weights and writes down where it began", async () => {
    const ran = await bench.run(
      "train",
      "deeper.json",
      "--from",
      "first-run",
      "--map",
      "first=hidden",
      "--freeze",
      "--steps",
      "3",
      "--out",
      "second",
    );
    expect(ran.error).toBe("");
    const [mapping] = ran.out.split("\n").map((line) => line && JSON.parse(line));
    expect(mapping).toMatchObject({ kind: "carry-over", unused: [] });
    expect(mapping.variables.map(({ name, kind, from }: Record<string, unknown>) => [name, kind, from])).toEqual([
      ["first/kernel", "carried", "hidden/kernel"],
      ["first/bias", "carried", "hidden/bias"],
      ["more/kernel", "fresh", undefined],
      ["more/bias", "fresh", undefined],
      ["linear/kernel", "carried", "linear/kernel"],
      ["linear/bias", "carried", "linear/bias"],
    ]);
    const first = await json("first-run", "run.json");
    expect((await json("second", "run.json")).from).toMatchObject({
      ...{ run: first.id, name: first.name, document: "Two moons", step: 40, renamings: "first=hidden" },
      ...{ carried: 4, variables: 6, parameters: 42, fresh: ["more/kernel", "more/bias"] },
    });
    expect((await json("second", "document.json")).training.phases[0].update).toEqual(["more"]);
    const [before, after] = [await weights("first-run"), await weights("second")];
    expect(after["first/kernel"]).toEqual(before["hidden/kernel"]);
    expect(after["linear/kernel"]).toEqual(before["linear/kernel"]);
  });

  it.each([
    [2, ["--from", "nowhere"], "There is no run nowhere"],
    [2, ["--from", "first-run", "--map", "hidden"], '"hidden" is no rule'],
    [2, ["--map", "a=b"], "--map and --freeze need --from"],
    [1, ["--from", "first-run", "--map", "=elsewhere"], "Nothing of Two moons, seed 3 fits Deeper"],
  ] as const)("answers with %i and a sentence to %j", async (code, args, sentence) => {
    const ran = await bench.run("train", "deeper.json", ...args, "--out", "refused");
    expect([ran.code, ran.error]).toEqual([code, expect.stringContaining(sentence)]);
    expect(ran.error).not.toContain("    at ");
  });
});
