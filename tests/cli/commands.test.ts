import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/main.ts";
import { registry } from "../../src/layers/registry.ts";
import { type Bench, createBench, moons } from "./run.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await createBench();
});
afterAll(() => bench.dispose());

describe("netloom", () => {
  it("tells its version", async () => {
    const { version } = JSON.parse(await readFile("package.json", "utf8"));
    expect(await bench.run("--version")).toEqual({ code: 0, out: `${version}\n`, error: "" });
  });

  it("lists its commands, and explains each", async () => {
    const { code, out } = await bench.run("--help");
    expect(code).toBe(0);
    for (const { name } of commands) {
      expect(out).toContain(`  ${name}`);
      const help = await bench.run(name, "--help");
      expect(help.code).toBe(0);
      expect(help.out).toMatch(new RegExp(`^netloom ${name}`));
    }
  });

  it.each([
    [[]],
    [["knit"]],
    [["inspect"]],
    [["inspect", "--jason", "mnist1d-conv"]],
    [["inspect", "mnist1d-conv", "mnist1d-mlp"]],
    [["inspect", "no-such-file.json"]],
    [["inspect", "."]],
    [["templates", "no-such-template"]],
    [["templates", "--out", "x.json"]],
    [["serve", "--port", "eighty"]],
    [["serve", "--port", "70000"]],
    [["serve", "--host", "0.0.0.0"]],
    [["serve", "--folder", "nowhere"]],
    [["serve", "nowhere.json"]],
    [["serve", "mnist1d-mlp"]],
  ])("answers the wrong usage %j with exit code 2 and one or two lines, no stack trace", async (args) => {
    const { code, out, error } = await bench.run(...args);
    expect(code).toBe(2);
    expect(`${out}${error}`).not.toMatch(/\n {4}at /);
    if (args.length > 0) {
      expect(out).toBe("");
      expect(error.trim().split("\n").length).toBeLessThanOrEqual(2);
    }
  });
});

describe("netloom inspect", () => {
  it("gives one JSON object with sums, shapes and counts a node", async () => {
    const path = await bench.file("moons.json", moons);
    const { code, out } = await bench.run("inspect", path, "--json");
    expect(code).toBe(0);
    const found = JSON.parse(out);
    expect(found).toMatchObject({ name: "Two moons", parameters: 42, trainable: 42, multiplyAdds: 32, problems: [] });
    const linear = found.nodes.find((node: { path: string }) => node.path === "linear");
    expect(linear).toMatchObject({
      type: "dense",
      params: { units: 2 },
      inputs: { x: [{ shape: ["batch", 8], dtype: "float32" }] },
      outputs: { y: { shape: ["batch", 2], dtype: "float32" } },
      parameters: 18,
      trainable: 18,
      multiplyAdds: 16,
    });
  });

  it("says what a training step needs in memory, kept or recomputed", async () => {
    expect((await bench.run("inspect", "spirals-residual")).out).toMatch(
      /\nTo train: weights \d+ KiB, the optimiser [\d.]+ \w+, activations and gradients of a batch of [\d,]+ \d+ KiB, \d+ KiB with recomputation\n/,
    );
    const { memory } = JSON.parse((await bench.run("inspect", "tiny-gpt", "--json")).out);
    expect(memory.recomputed).toBeLessThan(memory.step / 2);
    expect(memory.slots).toBe(2 * memory.weights);
  });

  it("prints a table for people", async () => {
    const { code, out } = await bench.run("inspect", "mnist1d-conv");
    expect(code).toBe(0);
    expect(out).toMatch(/conv2 +Convolution 1D .*\[batch, 9, 15\] +690 +6,075/);
    expect(out).toContain("2,050 parameters");
  });

  it("marks what is wrong on its node, still counts the rest, and exits with 1", async () => {
    const edges = moons.edges.filter(({ to }) => to !== "linear.x");
    const path = await bench.file("cut.json", { ...moons, edges });
    const { code, out } = await bench.run("inspect", path, "--json");
    expect(code).toBe(1);
    const found = JSON.parse(out);
    expect(found.problems).toContainEqual(expect.objectContaining({ severity: "error", code: "unconnected", node: "linear", port: "x" }));
    expect(found.parameters).toBe(24);
    expect(found.nodes.find((node: { path: string }) => node.path === "linear").outputs).toBeNull();
    expect((await bench.run("inspect", path)).out).toMatch(/error: linear\.x: /);
  });

  it("knows a table that lies beside the document", async () => {
    await bench.file(
      "heights.csv",
      `height,weight,kind\n${Array.from({ length: 40 }, (_, i) => `${150 + i},${50 + i},${i % 2 ? "a" : "b"}`).join("\n")}\n`,
    );
    const nodes = moons.nodes.map((node) => (node.id === "data" ? { ...node, params: { name: "heights.csv", target: "kind" } } : node));
    const { code, out } = await bench.run("inspect", await bench.file("table.json", { ...moons, nodes }), "--json");
    expect(JSON.parse(out).problems).toEqual([]);
    expect(code).toBe(0);
  });

  it("says what is wrong with a table, once, with its line; and which columns a target may be", async () => {
    await bench.file("ragged.csv", "a,b,kind\n1,2,x\n3,4\n5,6,y\n");
    await bench.file("whole.csv", `a,b,kind\n${Array.from({ length: 20 }, (_, i) => `${i},${i * i},${i % 2 ? "x" : "y"}`).join("\n")}\n`);
    const told = async (name: string, target: string) => {
      const nodes = moons.nodes.map((node) => (node.id === "data" ? { ...node, params: { name, target } } : node));
      const { code, out } = await bench.run("inspect", await bench.file("told.json", { ...moons, nodes }), "--json");
      expect(code).toBe(1);
      return JSON.parse(out).problems;
    };
    expect(await told("ragged.csv", "kind")).toMatchObject([
      { node: "data", message: expect.stringMatching(/"ragged\.csv" cannot be used as data: line 3: /), received: "ragged.csv" },
    ]);
    expect(await told("whole.csv", "kinds")).toMatchObject([
      { node: "data", message: '"whole.csv" has no column "kinds" to predict.', expected: "a, b, kind", received: "kinds", mend: "Predict kind" },
    ]);
    expect(await told("missing.csv", "kind")).toMatchObject([{ node: "data", message: 'There is no data set called "missing.csv".' }]);
    expect(await told(".", "")).toMatchObject([{ node: "data", message: expect.stringContaining("is no name of a data file") }]);
  });
});

describe("netloom validate", () => {
  it("says sound of every template", async () => {
    const ids = JSON.parse((await bench.run("templates", "--json")).out).map(({ id }: { id: string }) => id);
    const { code, out } = await bench.run("validate", ...ids);
    expect(
      out
        .trim()
        .split("\n")
        .every((line) => line.endsWith(": sound")),
    ).toBe(true);
    expect(code).toBe(0);
  });

  it("goes on after a bad document, and exits with 1", async () => {
    await bench.file("torn.json", '{"netloom": 1,\n "name": "x",\n "nodes": [');
    const { code, out } = await bench.run("validate", "torn.json", "mnist1d-mlp", "--json");
    expect(code).toBe(1);
    const [torn, sound] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(torn).toMatchObject({ ok: false, problems: [{ line: 3 }] });
    expect(sound).toMatchObject({ ok: true, problems: [] });
  });

  const ring = (count: number) => Array.from({ length: count }, (_, i) => ({ from: `n${i}.y`, to: `n${(i + 1) % count}.x` }));
  const huge = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `n${i}`, type: "relu" }));
  it.each([
    ["is empty", ""],
    ["is cut off", JSON.stringify(moons).slice(0, 300)],
    ["is nested 10 MB deep", "[".repeat(10 * 1024 * 1024)],
    ["is nested deep inside a field", `{"netloom":1,"name":"x","nodes":[],"edges":[],"x":${'{"a":'.repeat(2_000_000)}`],
    ["comes from the future", JSON.stringify({ ...moons, netloom: 99 })],
    ["is another program's", '{"nodes": []}'],
    ["is no object", "[1, 2, 3]"],
    ["has wrong types", JSON.stringify({ ...moons, nodes: [{ id: 5 }, { type: [] }], edges: "none" })],
    ["has two nodes of one name", JSON.stringify({ ...moons, nodes: [...moons.nodes, moons.nodes[1]] })],
    ["is longer than any", `{"netloom":1,"name":"x","nodes":[${"0,".repeat(10_000_000)}0],"edges":[]}`],
    ["is one cycle of 20,000 nodes", JSON.stringify({ ...moons, nodes: huge(20_000), edges: ring(20_000) })],
    ["has too many nodes", JSON.stringify({ ...moons, nodes: huge(30_000) })],
    ["has many unknown layers", JSON.stringify({ ...moons, nodes: huge(20_000).map((node) => ({ ...node, type: `knit${node.id}` })) })],
    [
      "repeats an empty block ten thousand times ten thousand times",
      JSON.stringify({
        ...moons,
        blocks: {
          empty: { inputs: [{ name: "x" }], outputs: [{ name: "x" }], nodes: [], edges: [{ from: "in.x", to: "out.x" }] },
          many: {
            inputs: [{ name: "x" }],
            outputs: [{ name: "x" }],
            nodes: [{ id: "e", type: "block:empty", params: { repeat: 10_000 } }],
            edges: [
              { from: "in.x", to: "e.x" },
              { from: "e.x", to: "out.x" },
            ],
          },
        },
        nodes: [...moons.nodes, { id: "a", type: "block:many", params: { repeat: 10_000 } }],
        edges: [...moons.edges, { from: "data.x", to: "a.x" }],
      }),
    ],
    ["has a cycle", JSON.stringify({ ...moons, edges: [...moons.edges, { from: "relu.y", to: "hidden.x" }] })],
    [
      "has a block that holds itself",
      JSON.stringify({
        ...moons,
        blocks: { a: { inputs: [], outputs: [], nodes: [{ id: "b", type: "block:a" }], edges: [] } },
        nodes: [{ id: "a", type: "block:a" }],
      }),
    ],
    [
      "expands without end",
      JSON.stringify({
        ...moons,
        blocks: Object.fromEntries(
          Array.from({ length: 30 }, (_, i) => [
            `b${i}`,
            {
              inputs: [],
              outputs: [],
              edges: [],
              nodes:
                i === 29
                  ? [{ id: "r", type: "relu" }]
                  : [
                      { id: "l", type: `block:b${i + 1}` },
                      { id: "r", type: `block:b${i + 1}` },
                    ],
            },
          ]),
        ),
        nodes: [{ id: "a", type: "block:b0" }],
      }),
    ],
    [
      "names __proto__",
      '{"netloom":1,"name":"x","nodes":[{"id":"a","type":"__proto__"},{"id":"b","type":"relu","params":{"__proto__":1}}],"edges":[{"from":"a.constructor","to":"b.x"}]}',
    ],
  ])(
    "finds located problems, within the time of a test, where the document %s",
    async (_, text) => {
      const path = await bench.file("hostile.json", text);
      const { code, out } = await bench.run("validate", path, "--json");
      expect(code).toBe(1);
      const { problems } = JSON.parse(out);
      expect(problems.length).toBeGreaterThan(0);
      const [first] = problems;
      expect(first.message.length).toBeGreaterThan(10);
      expect(first.line ?? first.node ?? first.path ?? first.graph).toBeDefined();
    },
    10_000,
  );

  it("prints as many problems as a person reads, and how many more there are", async () => {
    const path = await bench.file("many.json", { ...moons, nodes: huge(500), edges: [] });
    const { code, out } = await bench.run("validate", path);
    expect(code).toBe(1);
    expect(out.match(/^(error|warning): /gm)).toHaveLength(100);
    expect(out).toMatch(/… and \d+ more: netloom validate --json lists all\.\n$/);
  });

  it("does not read what is larger than any document", async () => {
    const path = await bench.file("large.json", " ".repeat(70 * 1024 * 1024));
    const { code, out } = await bench.run("validate", path);
    expect(code).toBe(1);
    expect(out).toContain("larger than 64 MiB");
  });
});

describe("netloom layers", () => {
  it("lists the whole catalogue, and explains one layer with its ports and parameters", async () => {
    const all = JSON.parse((await bench.run("layers", "--json")).out).map(({ type }: { type: string }) => type);
    expect(all).toEqual([...registry.keys()]);
    const { out } = await bench.run("layers", "conv2d");
    expect(out).toMatch(/Convolution 2D \(conv2d\), book 10\.3/);
    expect(out).toMatch(/padding +"same" +same \| valid/);
    const wrong = await bench.run("layers", "conv2");
    expect(wrong.code).toBe(2);
    expect(wrong.error).toMatch(/Did you mean "conv2d"/);
  });
});

describe("netloom templates", () => {
  it("lists them by chapter and copies one", async () => {
    expect((await bench.run("templates")).out).toMatch(/mnist1d-conv +MNIST-1D, convolutional +10\.2/);
    expect((await bench.run("templates", "mnist1d-mlp", "--out", "mine.json")).code).toBe(0);
    expect(JSON.parse(await readFile(join(bench.folder, "mine.json"), "utf8"))).toMatchObject({ netloom: 1 });
    expect((await bench.run("inspect", "mine.json")).code).toBe(0);
  });
});
