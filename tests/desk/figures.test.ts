import { describe, expect, it } from "vitest";
import { difference, formatValue, keyFigure } from "../../renderer/training/figures.ts";
import { formatAgo, formatDuration, formatSpeed, formatTick } from "../../renderer/training/format.ts";
import { trainedKey } from "../../renderer/training/trained.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";

const document: NetloomDocument = {
  netloom: 1,
  name: "net",
  nodes: [
    { id: "ce", type: "loss.cross-entropy", at: [0, 0] },
    { id: "hits", type: "metric.accuracy" },
  ],
  edges: [],
};

describe("the figure that matters", () => {
  it("is the test error where there is an accuracy on test examples", () => {
    const figure = keyFigure({ "train/ce": 0.1, "validation/hits": 0.7, "test/hits": 0.816, "test/ce": 0.6 }, document);
    expect(figure).toMatchObject({ title: "Test error", text: "18.4 %", better: "lower" });
  });

  it("is the loss on held-out data where nothing is measured but the loss", () => {
    expect(keyFigure({ "train/ce": 0.1, "validation/ce": 0.25 }, document)).toMatchObject({ title: "Validation loss", text: "0.250" });
  });

  it("is the training loss before anything else is known, never a rate", () => {
    expect(keyFigure({ "train/rate": 0.01, "train/ce": 0.5 }, document)?.key).toBe("train/ce");
    expect(keyFigure({ "train/rate": 0.01 }, document)).toBeUndefined();
    expect(keyFigure({ "train/rate/Generator": 0.01, "train/gradientNorm/Generator": 2 }, document)).toBeUndefined();
  });

  it("is the loss that is minimised where there are several", () => {
    const parts: NetloomDocument = {
      ...document,
      nodes: [
        { id: "kl", type: "loss.kl-normal" },
        { id: "sum", type: "add", label: "Negative ELBO" },
      ],
      training: { phases: [{ minimise: "sum.y", optimiser: { type: "adam", rate: 0.001 } }] },
    };
    expect(keyFigure({ "train/kl": 2, "test/kl": 2, "train/sum": 30 }, parts)?.key).toBe("train/sum");
  });

  it("is called better than another run's when it is lower, by so much", () => {
    const mine = keyFigure({ "test/hits": 0.816 }, document);
    const theirs = keyFigure({ "test/hits": 0.597 }, document);
    if (!mine || !theirs) throw new Error("Both runs have a test error.");
    expect(difference(mine, theirs)).toEqual({ text: "▾ 21.9", tone: "good" });
    expect(difference(theirs, mine)).toEqual({ text: "▴ 21.9", tone: "bad" });
    expect(difference(mine, mine).tone).toBe("even");
  });
});

describe("numbers", () => {
  it("are written as people write them", () => {
    expect(formatValue(0.41237)).toBe("0.412");
    expect(formatValue(12345.6)).toBe("12,346");
    expect(formatValue(0.0000123)).toBe("1.23e−5");
    expect(formatValue(Number.NaN)).toBe("not a number");
    expect(formatDuration(125)).toBe("2 min 05 s");
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe("–");
    expect(formatSpeed(1120.4)).toBe("1,120 steps/s");
    expect(formatAgo(1000, 4000)).toBe("3 s ago");
  });
});

describe("whether results still belong to the graph", () => {
  it("does not depend on where nodes stand or what they are called", () => {
    const moved: NetloomDocument = {
      ...document,
      name: "other",
      nodes: document.nodes.map((node) => ({ ...node, at: [9, 9], label: "x", note: "y" })),
    };
    expect(trainedKey(moved)).toBe(trainedKey(document));
  });

  it("depends on types, parameters, wires and the training settings", () => {
    const base = trainedKey(document);
    expect(trainedKey({ ...document, nodes: document.nodes.slice(1) })).not.toBe(base);
    expect(trainedKey({ ...document, edges: [{ from: "a.y", to: "ce.x" }] })).not.toBe(base);
    expect(trainedKey({ ...document, training: { seed: 7 } })).not.toBe(base);
  });
});

describe("the ticks of an axis", () => {
  it("are short, and no two neighbours read alike, however great the values", () => {
    expect([0, 0.25, 1.75, 5e8, 1e9, 1.5e9, 2e9, 0.00005].map(formatTick)).toEqual(["0", "0.25", "1.75", "5e8", "1e9", "1.5e9", "2e9", "5e−5"]);
  });
});
