import { describe, expect, it } from "vitest";
import { analysesOf, withAnalyses } from "../../renderer/analysis/of-node.ts";
import { openTemplate } from "../support/templates.ts";

describe("looking inside a node", () => {
  const digits = openTemplate("digits-cnn");

  it("offers feature maps and what units respond to, where there is one picture to alter", () => {
    expect(analysesOf("conv1", digits.checked).map(({ type }) => type)).toEqual(["feature-maps", "activation-maximisation"]);
  });

  it("offers feature maps alone where tokens go in, and nothing for data and losses", () => {
    const { checked } = openTemplate("tiny-gpt");
    const layer = checked.nodes.find(({ layer }) => layer.type === "embedding");
    expect(analysesOf(layer?.path ?? "", checked).map(({ type }) => type)).toEqual(["feature-maps"]);
    expect(analysesOf("data", digits.checked)).toEqual([]);
    expect(analysesOf("loss", digits.checked)).toEqual([]);
    expect(analysesOf("nowhere", digits.checked)).toEqual([]);
  });

  it("adds them to the document once, and opens them where they stand", () => {
    const other = { ...digits.document, analyses: [{ type: "variance" as const }] };
    const wanted = analysesOf("conv1", digits.checked);
    const once = withAnalyses(other, wanted);
    expect([once.first, once.document.analyses?.length]).toEqual([1, 3]);
    const twice = withAnalyses(once.document, wanted);
    expect(twice).toEqual({ document: once.document, first: 1 });
    expect(twice.document).toBe(once.document);
    expect(withAnalyses(once.document, analysesOf("relu1", digits.checked)).first).toBe(3);
  });
});
