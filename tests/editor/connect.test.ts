import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowedEnds, canConnect, connect, firstFit } from "../../renderer/editor/connect.ts";
import { wayOut } from "../../renderer/editor/refused.ts";
import { classifier, doc, lossInput, node, where, wire } from "./documents.ts";

const reason = (from: string, to: string, document = classifier(), graph = "") => {
  const verdict = canConnect(where(document, graph), from, to);
  return verdict.ok ? undefined : verdict.reason;
};

describe("connecting", () => {
  test("an output may go to an input that can take it", () => {
    expect(canConnect(where(classifier()), "data.x", "flatten.x").ok).toBe(true);
  });

  test("a node cannot feed itself", () => {
    expect(reason("relu1.y", "relu1.x")).toContain("itself");
  });

  test("a loop is refused, and the way round is named", () => {
    expect(reason("fc.y", "conv1.x")).toMatch(/loop.*fc needs conv1/);
  });

  test("the element type is told: labels are no real numbers", () => {
    expect(reason("data.x", "loss.label")).toMatch(/label wants whole numbers.*data\.x gives real numbers/);
    expect(reason("data.label", "conv1.x")).toContain("x wants real numbers");
  });

  test("the number of axes is told, with the shape that came", () => {
    expect(reason("fc.y", "conv.x", doc([...classifier().nodes, node("conv", "conv2d")], classifier().edges))).toMatch(
      /4 axes.*fc\.y has 2.*\[batch, 10\]/,
    );
  });

  test("the same wire twice is refused", () => {
    expect(reason("data.x", "conv1.x")).toContain("already");
  });

  test("ends that are not there are refused in words", () => {
    expect(reason("data.nothing", "conv1.x")).toContain("no output");
    expect(reason("data.x", "conv1.nothing")).toContain("no input");
  });

  test("on a port that takes one wire the new one takes the old one's place", () => {
    const before = where(classifier());
    expect(canConnect(before, "data.x", "flatten.x")).toMatchObject({ ok: true, replaces: wire("relu1.y", "flatten.x") });
    const after = connect(before, "data.x", "flatten.x");
    expect(after.edges.filter((edge) => edge.to === "flatten.x")).toEqual([wire("data.x", "flatten.x")]);
  });

  test("a port that takes many keeps them all, in order", () => {
    const document = doc([...classifier().nodes, node("add", "add")], [...classifier().edges, wire("conv1.y", "add.x")]);
    const [port] = [...allowedEnds(where(document), { from: "relu1.y" })].filter((end) => end.startsWith("add."));
    const after = connect(where(document), "relu1.y", port ?? "");
    expect(after.edges.filter((edge) => edge.to.startsWith("add.")).map((edge) => edge.from)).toEqual(["conv1.y", "relu1.y"]);
  });

  test("a block's own ports are ends of wires inside it, and only there", () => {
    const document = doc([node("b", "block:part")], [], {
      part: { inputs: [{ name: "x" }], outputs: [{ name: "y" }], nodes: [node("fc", "dense")], edges: [] },
    });
    expect(canConnect(where(document, "part"), "in.x", "fc.x").ok).toBe(true);
    expect(canConnect(where(document, "part"), "fc.y", "out.y").ok).toBe(true);
    expect(canConnect(where(document, "part"), "fc.y", "in.x").ok).toBe(false);
    expect(canConnect(where(document), "in.x", "b.x").ok).toBe(false);
  });

  test("the ends that light up are those that may be connected", () => {
    const at = where(classifier());
    const inputs = ["conv1.x", "relu1.x", "flatten.x", "fc.x", `loss.${lossInput}`, "loss.label"];
    const allowed = allowedEnds(at, { from: "relu1.y" });
    expect(inputs.filter((to) => allowed.has(to))).toEqual(inputs.filter((to) => canConnect(at, "relu1.y", to).ok));
    const outputs = ["data.x", "data.label", "conv1.y", "relu1.y", "flatten.y", "fc.y"];
    const sources = allowedEnds(at, { to: "flatten.x" });
    expect(outputs.filter((from) => sources.has(from))).toEqual(outputs.filter((from) => canConnect(at, from, "flatten.x").ok));
  });

  test("a node is wired by its first free port that fits", () => {
    const document = doc([node("data", "dataset", { name: "signals" }), node("loss", "loss.cross-entropy")], []);
    expect(firstFit(where(document), ["data.label"], "loss")).toEqual({ from: "data.label", to: "loss.label" });
  });

  test("wires that are allowed never close a loop", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const ends = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
    fc.assert(
      fc.property(fc.array(ends, { maxLength: 16 }), (tries) => {
        let document = doc(
          ids.map((id) => node(id, "add")),
          [],
        );
        for (const [from, to] of tries) {
          const [port] = [...allowedEnds(where(document), { from: `${from}.y` })].filter((end) => end.startsWith(`${to}.`));
          if (port) document = connect(where(document), `${from}.y`, port);
        }
        expect(where(document).checked.problems.filter((problem) => problem.code === "cycle")).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe("a refused wire", () => {
  test("is offered the layer that makes it possible, as one edit", () => {
    const document = doc(
      [
        node("data", "dataset", { name: "pictures" }, [0, 0]),
        node("fc", "dense", { units: 10 }, [300, 0]),
        node("plot", "preview.scatter", undefined, [600, 0]),
      ],
      [wire("data.x", "fc.x")],
    );
    const at = where(document);
    expect(canConnect(at, "fc.y", "plot.x").ok).toBe(false);
    const way = wayOut(at, "fc.y", "plot.x");
    expect(way?.label).toBe("Insert a flatten");
    const after = way?.apply(document);
    expect(after && where(after).checked.problems.filter((problem) => problem.code === "rank")).toEqual([]);
    expect(after?.nodes.every((one) => one.at)).toBe(true);
  });

  test("between kinds that nothing turns into one another there is no way out", () => {
    expect(wayOut(where(classifier()), "data.x", "loss.label")).toBeUndefined();
    expect(wayOut(where(classifier()), "data.x", "nowhere.x")).toBeUndefined();
  });
});
