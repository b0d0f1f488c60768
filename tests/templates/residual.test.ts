import { describe, expect, it } from "vitest";
import { createInferEnv } from "../../src/data/catalogue.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { openTemplate } from "../support/templates.ts";

/** Counts of residual networks: the book's and the papers', none of them typed into the documents. */

const trainable = (id: string) => openTemplate(id).checked.totals.trainable;

describe("full-size residual networks have the published numbers of weights", () => {
  it.each([
    ["resnet-50", 25_557_032],
    ["resnet-200", 64_666_152],
    ["densenet-121", 7_978_856],
    ["wide-resnet", 36_479_194],
    ["resnext", 25_028_904],
  ])("%s: %i", (id, count) => {
    expect(trainable(id)).toBe(count);
  });

  it("ResNet-200 has two hundred layers of weights on its longest path, in ten nodes a person can read", () => {
    const { document, checked } = openTemplate("resnet-200");
    const kernels = checked.nodes.filter(({ layer, path }) => ["conv2d", "dense"].includes(layer.type) && !path.endsWith("project"));
    expect(kernels).toHaveLength(200);
    expect(document.nodes.length).toBeLessThan(20);
  });
});

describe("problem 11.8: a block of 512 channels", () => {
  /** Batch normalisation, ReLU, convolution with offsets, for each of the kernels. */
  function parameters(...convolutions: readonly { filters: number; kernel: number }[]): number {
    const nodes: NetloomDocument["nodes"] = [{ id: "x", type: "input", params: { shape: [7, 7, 512] } }];
    const edges: NetloomDocument["edges"] = [];
    let end = "x.x";
    for (const [i, params] of convolutions.entries()) {
      nodes.push({ id: `norm${i}`, type: "batch-norm" }, { id: `relu${i}`, type: "relu" }, { id: `conv${i}`, type: "conv2d", params });
      edges.push({ from: end, to: `norm${i}.x` }, { from: `norm${i}.y`, to: `relu${i}.x` }, { from: `relu${i}.y`, to: `conv${i}.x` });
      end = `conv${i}.y`;
    }
    nodes.push({ id: "sum", type: "add" });
    edges.push({ from: "x.x", to: "sum.x" }, { from: end, to: "sum.x" });
    const checked = checkDocument({ netloom: 1, name: "Problem 11.8", nodes, edges }, registry, createInferEnv());
    expect(checked.problems.filter(({ severity }) => severity === "error")).toEqual([]);
    return checked.totals.trainable;
  }

  it("one 3×3 convolution needs 2,360,832 parameters", () => {
    expect(parameters({ filters: 512, kernel: 3 })).toBe(2 * 512 + 512 * 512 * 9 + 512);
  });

  it("the bottleneck 512 → 128 → 128 → 512 needs 280,832", () => {
    const count = parameters({ filters: 128, kernel: 1 }, { filters: 128, kernel: 3 }, { filters: 512, kernel: 1 });
    expect(count).toBe(1024 + (512 * 128 + 128) + 256 + (128 * 128 * 9 + 128) + 256 + (128 * 512 + 512));
    expect(count).toBe(280_832);
  });
});
