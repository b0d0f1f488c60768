import { expect, it } from "vitest";
import { applyEdit } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { documentOf } from "../support/documents.ts";
import { env } from "./support/cases.ts";

/** Layers' remedies as the checker offers them: applied to the document, the problem is gone. */

function mended(nodes: object[], edges: [string, string][], message: RegExp) {
  const before = documentOf(nodes, edges);
  const problems = (document: NetloomDocument) => checkDocument(document, registry, env).problems.filter(({ severity }) => severity === "error");
  const found = problems(before).filter((one) => message.test(one.message));
  const mend = found[0]?.mend;
  if (!mend) throw new Error("No remedy is offered.");
  const document = mend.edits.reduce(applyEdit, before);
  return { label: mend.label, document, left: problems(document).map((one) => one.message) };
}

it("a residual connection with other channels gets a 1×1 convolution on that wire alone", () => {
  const { label, document, left } = mended(
    [
      { id: "image", type: "input", params: { shape: [8, 8, 4] } },
      { id: "conv", type: "conv2d", params: { filters: 6 } },
      { id: "sum", type: "add" },
      { id: "end", type: "output" },
    ],
    [
      ["image.x", "conv.x"],
      ["conv.y", "sum.x"],
      ["image.x", "sum.x"],
      ["sum.y", "end.x"],
    ],
    /same shape/,
  );
  expect(label).toBe("Insert a 1×1 convolution to 6 channels");
  expect(left).toEqual([]);
  expect(document.edges).toContainEqual({ from: "conv.y", to: "sum.x" });
  expect(document.edges).toContainEqual({ from: "image.x", to: "conv2d.x" });
});

it("scores that are too many for the classes get a linear layer", () => {
  const { left, document } = mended(
    [
      { id: "data", type: "dataset" },
      { id: "flat", type: "flatten" },
      { id: "loss", type: "loss.cross-entropy" },
    ],
    [
      ["data.x", "flat.x"],
      ["flat.y", "loss.x"],
      ["data.label", "loss.label"],
    ],
    /10 classes, but 40 scores/,
  );
  expect(left).toEqual([]);
  expect(document.nodes.at(-1)).toMatchObject({ type: "dense", params: { units: 10 } });
});

it("a data set's name that is not quite right becomes the nearest one", () => {
  const { label, left } = mended([{ id: "data", type: "dataset", params: { name: "MNIST-1d" } }], [], /no data set called "MNIST-1d"/);
  expect(label).toBe("Use digits");
  expect(left).toEqual([]);
});

it("a kernel larger than its input gets padding", () => {
  const { left, document } = mended(
    [
      { id: "signal", type: "input", params: { shape: [5, 1] } },
      { id: "conv", type: "conv1d", params: { kernel: 9, padding: "valid" } },
      { id: "end", type: "output" },
    ],
    [
      ["signal.x", "conv.x"],
      ["conv.y", "end.x"],
    ],
    /covers 9 positions/,
  );
  expect(left).toEqual([]);
  expect(document.nodes[1]?.params).toEqual({ kernel: 9, padding: "same" });
});
