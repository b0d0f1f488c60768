import "../../src/tensor/gradients.ts";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { applyEdit } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument, createChecker } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { rng } from "../../src/tensor/random.ts";
import { documentOf, toyEnv } from "../support/documents.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const wires = (...pairs: readonly (readonly [string, string])[]) => pairs.map(([from, to]) => ({ from, to }));
const ports = (...names: string[]) => names.map((name) => ({ name }));

const pair = {
  inputs: [{ name: "x" }, { name: "logdet", optional: true }],
  outputs: ports("x", "logdet"),
  nodes: [
    { id: "first", type: "affine-coupling", params: { hidden: 5, activation: "tanh" } },
    { id: "second", type: "affine-coupling", params: { hidden: 5, activation: "tanh", swap: true } },
    { id: "sum", type: "add" },
  ],
  edges: wires(
    ["in.x", "first.x"],
    ["first.y", "second.x"],
    ["in.logdet", "sum.x"],
    ["first.logdet", "sum.x"],
    ["second.logdet", "sum.x"],
    ["second.y", "out.x"],
    ["sum.y", "out.logdet"],
  ),
};
/** Half of x goes round, half through the pair: what runs forwards inside, what is undone, and a block in a block. */
const halves = {
  inputs: ports("x"),
  outputs: ports("y", "logdet"),
  nodes: [
    { id: "cut", type: "split", params: { sizes: [2, 2] } },
    { id: "inner", type: "block:pair", params: { repeat: 2 } },
    { id: "joined", type: "concatenate" },
  ],
  edges: wires(
    ["in.x", "cut.x"],
    ["cut.y1", "inner.x"],
    ["inner.x", "joined.x"],
    ["cut.y2", "joined.x"],
    ["joined.y", "out.y"],
    ["inner.logdet", "out.logdet"],
  ),
};

/** Forwards, and backwards from there with the same weights. */
const thereAndBack = (block: string, size: number, port: string, repeat = 1): NetloomDocument =>
  documentOf(
    [
      { id: "noise", type: "noise", params: { shape: [size] } },
      { id: "there", type: `block:${block}`, params: { repeat }, shared: "flow" },
      { id: "back", type: `block:${block}`, params: { repeat }, shared: "flow", direction: "inverse" },
      { id: "end", type: "output" },
      { id: "sum", type: "output" },
    ],
    [
      ["noise.x", "there.x"],
      [`there.${port}`, `back.${port}`],
      ["back.x", "end.x"],
      ["back.logdet", "sum.x"],
    ],
    { blocks: { pair, halves } },
  );

/** Noise, what came back, and both log-determinants. */
function run(document: NetloomDocument, logdet: string): number[][] {
  const checked = checkDocument(document, registry, toyEnv);
  expect(checked.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  const program = compile(checked);
  const plan = program.plan([
    { path: "noise", port: "x" },
    { path: "end", port: "x" },
    { path: logdet, port: logdet.endsWith("sum") ? "y" : "logdet" },
    { path: "sum", port: "x" },
  ]);
  return tf.tidy(() => {
    const weights = program.variables.map(({ spec }, i) =>
      tf.tensor(rng(i, "w").fillNormal(new Float32Array(tf.util.sizeFromShape([...spec.shape]))), [...spec.shape]),
    );
    const small = weights.map((weight) => tf.mul(weight, 0.4));
    const { outputs } = plan.run({ feeds: {}, weights: small, training: false, step: 0, seed: 1, batch: 3 });
    return outputs.map((output) => [...output.dataSync()]);
  });
}
const close = (a: readonly number[] = [], b: readonly number[] = [], sign = 1) => {
  expect(a.length).toBeGreaterThan(0);
  expect(a.length).toBe(b.length);
  for (const [i, value] of a.entries()) expect(value).toBeCloseTo(sign * (b[i] ?? Number.NaN), 4);
};

describe("a block that runs backwards", () => {
  it("gives back what its forward twin was given, and minus its log-determinant", () => {
    const [x, back, forth, undone] = run(thereAndBack("pair", 2, "x"), "there/sum");
    close(back, x);
    close(undone, forth, -1);
    expect(Math.abs(forth?.[0] ?? 0)).toBeGreaterThan(1e-3);
  });

  it("runs its copies from the last to the first, with the weights of each", () => {
    const [x, back, forth, undone] = run(thereAndBack("pair", 2, "x", 3), "there/2/sum");
    close(back, x);
    close(undone, forth, -1);
  });

  it("undoes what is cut and joined, and blocks inside", () => {
    const [x, back, forth, undone] = run(thereAndBack("halves", 4, "y"), "there/inner/1/sum");
    close(back, x);
    close(undone, forth, -1);
  });

  it("counts its twin's weights once", () => {
    const checked = checkDocument(thereAndBack("pair", 2, "x", 2), registry, toyEnv);
    const alone = documentOf(
      [
        { id: "n", type: "noise" },
        { id: "there", type: "block:pair", params: { repeat: 2 } },
      ],
      [["n.x", "there.x"]],
      { blocks: { pair } },
    );
    expect(checked.totals.parameters).toBe(checkDocument(alone, registry, toyEnv).totals.parameters);
  });

  it("runs a layer alone backwards, too", () => {
    const document = documentOf(
      [
        { id: "noise", type: "noise" },
        { id: "there", type: "affine-coupling", shared: "c" },
        { id: "back", type: "affine-coupling", shared: "c", direction: "inverse" },
        { id: "end", type: "output" },
        { id: "sum", type: "output" },
      ],
      [
        ["noise.x", "there.x"],
        ["there.y", "back.y"],
        ["back.x", "end.x"],
        ["back.logdet", "sum.x"],
      ],
    );
    const [x, back, forth, undone] = run(document, "there");
    close(back, x);
    close(undone, forth, -1);
  });
});

describe("a block that cannot run backwards", () => {
  const with_ = (nodes: readonly object[], edges: readonly { from: string; to: string }[]) =>
    documentOf(
      [
        { id: "noise", type: "noise" },
        { id: "back", type: "block:b", direction: "inverse" },
        { id: "end", type: "output" },
      ],
      [
        ["noise.x", "back.y"],
        ["back.x", "end.x"],
      ],
      { blocks: { b: { inputs: ports("x"), outputs: ports("y"), nodes, edges } } },
    );
  const problemOf = (document: NetloomDocument) => checkDocument(document, registry, toyEnv).problems.find(({ code }) => code === "no-inverse");

  it("names the node that prevents it, and offers to run it forwards", () => {
    const document = with_(
      [
        { id: "narrow", type: "dense", params: { units: 1 } },
        { id: "first", type: "affine-coupling" },
      ],
      wires(["in.x", "first.x"], ["first.y", "narrow.x"], ["narrow.y", "out.y"]),
    );
    const problem = problemOf(document);
    expect(problem).toMatchObject({ place: { node: "back" }, received: "narrow" });
    expect(problem?.message).toContain("narrow");
    const mended = (problem?.mend?.edits ?? []).reduce(applyEdit, document);
    expect(problemOf(mended)).toBeUndefined();
    expect(mended.nodes[1]).not.toHaveProperty("direction");
  });

  it("names the node whose output is lost", () => {
    const document = with_([{ id: "cut", type: "split" }], wires(["in.x", "cut.x"], ["cut.y1", "out.y"]));
    expect(checkDocument(document, registry, toyEnv).ok).toBe(false);
  });

  it("follows the direction when it is changed", () => {
    const checker = createChecker(registry, toyEnv);
    const document = thereAndBack("pair", 2, "x");
    expect(checker.check(document).ok).toBe(true);
    const turned = applyEdit(document, { kind: "set-direction", graph: "", node: "there", direction: "inverse" });
    expect(checker.check(turned).nodes.find(({ path }) => path === "there/first")?.outputs).toEqual(["x", "logdet"]);
    expect(checker.check(document).nodes.find(({ path }) => path === "there/first")?.outputs).toEqual(["y", "logdet"]);
  });
});
