import { describe, expect, it } from "vitest";
import { applyEdit } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { createChecker } from "../../src/graph/check.ts";
import type { Layer } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import { check, classifier, conv, unit } from "../support/checked.ts";
import { documentOf, toyData, toyEnv } from "../support/documents.ts";

describe("checking a graph", () => {
  it("infers shapes with a symbolic batch and counts parameters and multiply–adds", () => {
    const checked = check(classifier(8));
    expect(checked.problems).toEqual([]);
    expect(checked.view("").get("conv1")?.outputs.y?.shape).toEqual(["batch", 6, 6, 8]);
    expect(checked.totals.parameters).toBe(3 * 3 * 8 + 8 + 288 * 10 + 10);
    expect(checked.totals.multiplyAdds).toBe(6 * 6 * 8 * 9 + 288 * 10);
  });

  it("chains receptive fields through strides", () => {
    const checked = check(
      documentOf(
        [toyData, conv("a", { stride: 2, padding: "same" }), conv("b", { padding: "same" })],
        [
          ["data.x", "a.x"],
          ["a.y", "b.x"],
        ],
      ),
    );
    expect(checked.view("").get("b")?.receptiveField).toEqual([7, 7]);
  });

  it("names an unconnected port and offers the only output of that name", () => {
    const broken = { ...classifier(8), edges: classifier(8).edges.filter((edge) => edge.to !== "loss.label") };
    const problem = check(broken).problems.find((one) => one.code === "unconnected");
    expect(problem).toMatchObject({ place: { graph: "", node: "loss", port: "label" }, mend: { label: "Connect data.label" } });
    const mended = problem?.mend?.edits.reduce(applyEdit, broken);
    expect(mended && check(mended).problems).toEqual([]);
  });

  it("sets the layer that stands before a loss rather than put a second one behind it", () => {
    const narrow = applyEdit(classifier(8), { kind: "set-params", graph: "", node: "out1", params: { units: 7 } });
    const mend = check(narrow).problems.find((one) => one.place.node === "loss")?.mend;
    expect(mend?.label).toBe("Set out1: 10 units");
    expect(check(mend?.edits.reduce(applyEdit, narrow) ?? narrow).problems).toEqual([]);
  });

  it("goes on from the one output that nothing uses yet", () => {
    const growing = documentOf([toyData, { id: "flat", type: "flatten" }, { id: "out1", type: "dense" }], [["data.x", "flat.x"]]);
    expect(check(growing).problems.find((one) => one.code === "unconnected")?.mend?.label).toBe("Connect flat.y");
  });

  it("offers the layer for tensors of that many axes, and the offer works", () => {
    const signal = documentOf(
      [toyData, { id: "signal", type: "reshape", params: { shape: [64, 1] } }, conv("conv1"), { id: "end", type: "flatten" }],
      [
        ["data.x", "signal.x"],
        ["signal.y", "conv1.x"],
        ["conv1.y", "end.x"],
      ],
    );
    const problem = check(signal).problems.find((one) => one.code === "rank");
    expect(problem).toMatchObject({ expected: "4 axes", received: "[batch, 64, 1] float32", mend: { label: "Use conv1d instead" } });
    expect(problem?.message).toMatch(/wants a tensor of 4 axes.*height, width/);
    const mended = problem?.mend?.edits.reduce(applyEdit, signal);
    expect(mended && check(mended).ok).toBe(true);
  });

  it("inserts a remedy once before a loss and the metric beside it", () => {
    const unflattened = documentOf(
      [
        toyData,
        { id: "out1", type: "dense", params: { units: 10 } },
        { id: "loss", type: "loss.cross-entropy" },
        { id: "accuracy", type: "metric.accuracy" },
      ],
      [
        ["data.x", "out1.x"],
        ["out1.y", "loss.x"],
        ["data.label", "loss.label"],
        ["out1.y", "accuracy.x"],
        ["data.label", "accuracy.label"],
      ],
    );
    const mend = check(unflattened).problems.find((one) => one.place.node === "accuracy")?.mend;
    const mended = mend?.edits.reduce(applyEdit, unflattened);
    const into = (end: string) => mended?.edges.find((edge) => edge.to === end)?.from;
    expect(into("loss.x")).toBe(into("accuracy.x"));
    expect(into("loss.x")).toMatch(/^flatten/);
  });

  it("tells a fault where it is, not again at everything that comes after it", () => {
    const chain = (type: string, params: Record<string, number> = {}) =>
      documentOf(
        [toyData, { id: "first", type, params }, { id: "second", type: "relu" }, { id: "end", type: "output" }],
        [
          ["data.x", "first.x"],
          ["first.y", "second.x"],
          ["second.y", "end.x"],
        ],
      );
    const told = (document: NetloomDocument) => check(document).problems.map(({ code, place }) => `${code} ${place.node}`);
    expect(told(chain("conv2d", { filters: -1 }))).toEqual(["bad-parameter first"]);
    expect(told(chain("conv9d"))).toEqual(["unknown-type first"]);
    expect(told(chain("block:none"))).toEqual(["unknown-block first"]);
    const { nodes, ...rest } = chain("relu");
    const elsewhere = { ...rest, nodes: nodes.map((node) => (node.id === "data" ? { ...node, params: { name: "gone" } } : node)) };
    expect(told(elsewhere)).toEqual(["shape data"]);
  });

  it("tells of a block's missing wire at the block, and notices when a wire of unknown origin is taken away", () => {
    const passing = unit(
      [{ id: "r", type: "relu" }],
      [
        { from: "in.x", to: "r.x" },
        { from: "r.y", to: "out.y" },
      ],
    );
    const block = { blocks: { b: passing } };
    expect(
      check(
        documentOf(
          [
            { id: "b", type: "block:b" },
            { id: "end", type: "output" },
          ],
          [["b.y", "end.x"]],
          block,
        ),
      ).problems,
    ).toMatchObject([{ code: "unconnected", place: { graph: "", node: "b", port: "x" } }]);
    const checker = createChecker(registry, toyEnv);
    const faulty = documentOf(
      [
        { id: "a", type: "conv9d" },
        { id: "end", type: "output" },
      ],
      [["a.y", "end.x"]],
    );
    expect(checker.check(faulty).problems.map(({ code }) => code)).toEqual(["unknown-type"]);
    expect(checker.check({ ...faulty, edges: [] }).problems.map(({ code }) => code)).toContain("unconnected");
  });

  it("names the ports there are where a wire begins at none, and offers the only one", () => {
    const relu = (from: string) =>
      documentOf(
        [toyData, { id: "r", type: "relu" }, { id: "end", type: "output" }],
        [
          ["data.x", "r.x"],
          [from, "end.x"],
        ],
      );
    const found = (document: NetloomDocument) => check(document).problems.find(({ code }) => code === "no-such-output");
    expect(found(relu("data.image"))).toMatchObject({ expected: "x, label", received: "image", mend: { label: "Remove the wire" } });
    const problem = found(relu("r.out"));
    expect(problem).toMatchObject({ expected: "y", received: "out", mend: { label: "Connect r.y" } });
    expect(check(problem?.mend?.edits.reduce(applyEdit, relu("r.out")) ?? relu("r.out")).problems).toEqual([]);
  });

  it("finds cycles, unknown types, unknown and bad parameters, dangling wires and missing ports", () => {
    const codes = (document: NetloomDocument) => check(document).problems.map((problem) => problem.code);
    expect(
      codes(
        documentOf(
          [
            { id: "a", type: "relu" },
            { id: "b", type: "relu" },
          ],
          [
            ["a.y", "b.x"],
            ["b.y", "a.x"],
          ],
        ),
      ),
    ).toContain("cycle");
    expect(check(documentOf([{ id: "a", type: "conv2" }], [])).problems[0]?.message).toMatch(/Did you mean "conv2d"/);
    expect(codes(documentOf([toyData, conv("a", { kernal: 3 })], [["data.x", "a.x"]]))).toContain("unknown-parameter");
    expect(check(documentOf([toyData, conv("a", { filters: "4 * width" })], [["data.x", "a.x"]])).problems[0]).toMatchObject({
      code: "bad-parameter",
      received: '"4 * width"',
    });
    expect(codes(documentOf([toyData], [["data.x", "gone.x"]]))).toContain("dangling-wire");
    expect(
      codes(
        documentOf(
          [toyData, conv("a")],
          [
            ["data.x", "a.x"],
            ["data.z", "a.x"],
          ],
        ),
      ),
    ).toContain("no-such-output");
    expect(
      codes(
        documentOf(
          [toyData, conv("a")],
          [
            ["data.x", "a.x"],
            ["data.x", "a.w"],
          ],
        ),
      ),
    ).toContain("no-such-port");
    expect(
      codes(
        documentOf(
          [toyData, { id: "r", type: "relu" }, conv("a")],
          [
            ["data.x", "r.x"],
            ["data.x", "a.x"],
            ["r.y", "a.x"],
          ],
        ),
      ),
    ).toContain("too-many-wires");
  });

  it("warns of outputs that go nowhere without calling the graph wrong", () => {
    const checked = check(documentOf([toyData, conv("a")], [["data.x", "a.x"]]));
    expect(checked.problems).toMatchObject([{ code: "unused", severity: "warning", place: { node: "a" } }]);
    expect(checked.ok).toBe(true);
  });
});

/** The catalogue, with a note of every inference. */
function spiedCatalogue() {
  const inferred: string[] = [];
  const spy = (type: string, layer: Layer): Layer => ({
    ...layer,
    infer(x, p, env) {
      inferred.push(type);
      return layer.infer(x, p, env);
    },
  });
  return { inferred, checker: createChecker(new Map([...registry].map(([type, layer]) => [type, spy(type, layer)])), toyEnv) };
}

describe("incremental checking", () => {
  it("infers again only what depends on an edit, with the result of a check from cold", () => {
    const { inferred, checker } = spiedCatalogue();
    const before = classifier(8);
    checker.check(before);
    inferred.length = 0;
    const units = applyEdit(before, { kind: "set-params", graph: "", node: "out1", params: { units: 20 } });
    checker.check(units);
    expect(inferred).toEqual(["dense", "loss.cross-entropy"]);
    inferred.length = 0;
    const edited = applyEdit(before, { kind: "set-params", graph: "", node: "conv1", params: { filters: 4 } });
    const warm = checker.check(edited);
    expect(inferred).not.toContain("dataset");
    const cold = check(edited);
    expect(warm.totals).toEqual(cold.totals);
    expect(warm.problems).toEqual(cold.problems);
  });

  it("does not go on past a node whose types came out as before", () => {
    const { inferred, checker } = spiedCatalogue();
    const before = classifier(8);
    checker.check(before);
    inferred.length = 0;
    checker.check(applyEdit(before, { kind: "set-params", graph: "", node: "conv1", params: { init: "zeros" } }));
    expect(inferred).toEqual(["conv2d"]);
  });
});
