import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, createBench, moons } from "./run.ts";

/** A few characters of a person's own text, the next one said by a linear map of each: three steps of training. */
const document = {
  netloom: 1,
  name: "Bigrams",
  nodes: [
    { id: "text", type: "dataset", params: { name: "story.txt", length: 12, tokens: "pairs", vocabulary: 270 } },
    { id: "tokens", type: "embedding", params: { vocabulary: 270, width: 4 } },
    { id: "logits", type: "dense", params: { units: 270 } },
    { id: "next", type: "output" },
    { id: "loss", type: "loss.cross-entropy" },
  ],
  edges: [
    { from: "text.x", to: "tokens.x" },
    { from: "tokens.y", to: "logits.x" },
    { from: "logits.y", to: "next.x" },
    { from: "logits.y", to: "loss.x" },
    { from: "text.label", to: "loss.label" },
  ],
  training: { batch: 4, stop: { steps: 3 } },
};
const story = "the ship went on and the sea was calm and the night was long. ".repeat(40);

let bench: Bench;
beforeAll(async () => {
  bench = await createBench();
  await bench.file("bigrams.json", document);
  await bench.file("story.txt", story);
  await bench.file("moons.json", { ...moons, training: { batch: 20, stop: { steps: 2 } } });
  await bench.run("train", "bigrams.json", "--out", "run");
  await bench.run("train", "moons.json", "--out", "moons");
});
afterAll(() => bench.dispose());

describe("netloom generate", () => {
  it("goes on from a prompt, the same way each time, and says how fast", async () => {
    const one = await bench.run("generate", "run", "--prompt", "the ship ", "--tokens", "20", "--seed", "4");
    expect(one).toMatchObject({ code: 0, out: expect.stringMatching(/^the ship ./) });
    expect(one.error).toMatch(/^20 tokens in .* s, .* ms each\.\nWhat was computed of earlier tokens is kept/);
    expect((await bench.run("generate", "run", "--prompt", "the ship ", "--tokens", "20", "--seed", "4")).out).toBe(one.out);
    expect((await bench.run("generate", "run", "--prompt", "the ship ", "--tokens", "20", "--seed", "5")).out).not.toBe(one.out);
    expect((await bench.run("generate", "run", "--prompt", "the ship ", "--tokens", "20", "--seed", "4", "--no-cache")).out).toBe(one.out);
  });

  it("tells each token with what else was probable, as JSON", async () => {
    const { code, out } = await bench.run("generate", "run", "--tokens", "3", "--beam", "3", "--json");
    expect(code).toBe(0);
    const told = JSON.parse(out);
    expect(told).toMatchObject({ prompt: "", tokens: 3, cached: true, obstacles: [], unknown: [], early: false });
    expect(told.pieces).toHaveLength(3);
    for (const piece of told.pieces) expect(piece.best).toHaveLength(5);
  });

  it("ends with a stop", async () => {
    const { out } = await bench.run("generate", "run", "--prompt", "x", "--tokens", "500", "--stop", "e", "--json");
    const { text, early } = JSON.parse(out);
    expect(early).toBe(true);
    expect(text.slice(0, -12)).not.toContain("e");
  });

  it("refuses settings that are none, and runs that say no next token", async () => {
    for (const option of ["--temperature=-1", "--top-p=2", "--top-k=0", "--beam=many", "--tokens=0"])
      expect(await bench.run("generate", "run", option)).toMatchObject({ code: 2, error: expect.stringContaining("takes a") });
    expect(await bench.run("generate", "nowhere")).toMatchObject({ code: 2, error: expect.stringContaining("There is no run nowhere") });
    expect(await bench.run("generate", "moons")).toMatchObject({ code: 1, error: expect.stringContaining("does not say which token comes next") });
  });

  it("says that the text has changed since", async () => {
    await appendFile(join(bench.folder, "story.txt"), "and the whale came up.");
    const { error } = await bench.run("generate", "run", "--tokens", "2");
    expect(error).toContain("has changed since");
  });
});
