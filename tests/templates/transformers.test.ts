import { describe, expect, it } from "vitest";
import { openTemplate } from "../support/templates.ts";

/** Chapter 12's networks in their full size: nothing is allocated, and what is counted is what was published. */

const parameters = (id: string): number => openTemplate(id).checked.totals.parameters;

describe("transformers in their full size", () => {
  it("have the parameters of their authors' programs, to the last one", () => {
    // timm's vit_base_patch16_224, swin_tiny_patch4_window7_224 and davit_tiny.
    expect(parameters("vit")).toBe(86_567_656);
    expect(parameters("swin")).toBe(28_288_354);
    expect(parameters("davit")).toBe(28_360_168);
  });

  it("BERT-large has those of bert-large-uncased, and its heads", () => {
    const wordHead = 1024 * 1024 + 3 * 1024;
    const classes = [2, 9, 2].reduce((sum, size) => sum + size * 1025, 0);
    expect(parameters("bert")).toBe(335_141_888 + wordHead + classes);
  });

  it("the first transformer has one table of tokens for both languages and the scores", () => {
    const attention = 4 * (512 * 512 + 512);
    const network = 2 * 512 * 2048 + 2048 + 512;
    const norm = 2 * 512;
    expect(parameters("translation")).toBe(37_000 * 512 + 6 * (attention + network + 2 * norm) + 6 * (2 * attention + network + 3 * norm));
  });

  it("attend to windows at a cost in proportion to the picture, to everything at the square of it", () => {
    const counted = (id: string, type: string): number => {
      const { nodes, facts } = openTemplate(id).checked;
      return nodes.reduce((sum, { layer }, i) => sum + (layer.type === type ? (facts[i]?.multiplyAdds ?? 0) : 0), 0);
    };
    expect(counted("swin", "window-attention")).toBeLessThan(counted("vit", "attention") / 3);
  });
});
