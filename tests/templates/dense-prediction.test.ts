import { describe, expect, it } from "vitest";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { openTemplate } from "../support/templates.ts";

/** Networks that answer for every pixel, cell or joint: what goes in, what comes out, and the published counts, none of them typed into the documents. */

const arriving = (id: string, node: string) => openTemplate(id).checked.view("").get(node)?.inputs.x?.[0]?.shape;
const counted = (id: string, types: readonly string[]) => openTemplate(id).checked.nodes.filter(({ layer }) => types.includes(layer.type));

describe("full-size networks for dense prediction", () => {
  it("YOLO has 24 convolutions and two linear layers, and ends in a grid of 7 × 7 × 30", () => {
    expect(counted("yolo", ["conv2d"])).toHaveLength(24);
    expect(counted("yolo", ["dense"])).toHaveLength(2);
    expect(arriving("yolo", "flatten")).toEqual(["batch", 7, 7, 1024]);
    expect(arriving("yolo", "output")).toEqual(["batch", 7, 7, 30]);
  });

  it("the deconvolution network has VGG's thirteen convolutions, passes a vector of 4096, and ends in 21 scores for each of 224 × 224 pixels", () => {
    expect(counted("deconv-segmentation", ["conv2d"])).toHaveLength(13 + 1);
    expect(counted("deconv-segmentation", ["max-pool"])).toHaveLength(counted("deconv-segmentation", ["max-unpool"]).length);
    expect(arriving("deconv-segmentation", "linear8")).toEqual(["batch", 4096]);
    expect(arriving("deconv-segmentation", "output")).toEqual(["batch", 224, 224, 21]);
  });

  it("U-Net gives 388 × 388 for 572 × 572, with 23 convolutions, transposed ones counted, and 31,030,658 weights", () => {
    expect(counted("unet", ["conv2d", "conv2d-transpose"])).toHaveLength(23);
    expect(arriving("unet", "output")).toEqual(["batch", 388, 388, 2]);
    expect(openTemplate("unet").checked.totals.trainable).toBe(31_030_658);
  });

  it("the stacked hourglass gives sixteen heat maps of 64 × 64, and each of its eight hourglasses costs the same", () => {
    expect(arriving("hourglass", "output")).toEqual(["batch", 64, 64, 16]);
    const { document } = openTemplate("hourglass");
    const weights = (repeat: number) => {
      const nodes = document.nodes.map((node) => (node.id === "stack" ? { ...node, params: { ...node.params, repeat } } : node));
      return checkDocument({ ...document, nodes }, registry, createInferEnv()).totals.trainable;
    };
    expect(weights(8) - weights(7)).toBe(weights(2) - weights(1));
  });
});

it("the small U-Net still trains when the wires across are cut, as its text proposes", () => {
  const { document } = openTemplate("unet-mini");
  const cut = { ...document, edges: document.edges.filter(({ to }) => !to.endsWith(".skip")) };
  expect(cut.edges).toHaveLength(document.edges.length - 3);
  expect(checkDocument(cut, registry, createInferEnv()).problems).toEqual([]);
});

it("the valid U-Net uses up just the rim that was put around its picture", () => {
  expect(arriving("unet-valid-mini", "down1")).toEqual(["batch", 88, 88, 3]);
  expect(arriving("unet-valid-mini", "output")).toEqual(["batch", 48, 48, 5]);
});
