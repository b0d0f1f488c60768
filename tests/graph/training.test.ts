import { describe, expect, it } from "vitest";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { registry } from "../../src/layers/registry.ts";
import { documentOf, toyData, toyEnv } from "../support/documents.ts";

const nodes = [
  toyData,
  { id: "flat", type: "flatten" },
  { id: "fc", type: "dense", params: { units: 10 } },
  { id: "loss", type: "loss.cross-entropy" },
];
const wires = [
  ["data.x", "flat.x"],
  ["flat.y", "fc.x"],
  ["fc.y", "loss.x"],
  ["data.label", "loss.label"],
] as const;
const planOf = (document: NetloomDocument) => trainingPlan(document, checkDocument(document, registry, toyEnv));
const codes = (document: NetloomDocument) => {
  const result = planOf(document);
  return result.ok ? [] : result.problems.map((problem) => problem.code);
};

describe("the training plan", () => {
  it("gives a graph with one loss its phase by default", () => {
    const result = planOf(documentOf(nodes, wires));
    expect(result).toMatchObject({
      ok: true,
      plan: { phases: [{ minimise: { path: "loss", port: "loss" }, steps: 1 }], datasets: [{ path: "data", name: "toy" }], stop: { steps: 2000 } },
    });
  });

  it("takes seed, batch, phases and stop from the document", () => {
    const training = {
      seed: 5,
      batch: 7,
      stop: { epochs: 2 },
      phases: [{ minimise: "loss", update: ["fc"], optimiser: { type: "sgd", rate: 0.1, momentum: 0.9 } }],
    };
    expect(planOf(documentOf(nodes, wires, { training }))).toMatchObject({
      ok: true,
      plan: { seed: 5, batch: 7, stop: { epochs: 2 }, phases: [{ update: ["fc"], optimiser: { momentum: 0.9 } }] },
    });
  });

  it("says why a graph cannot be trained", () => {
    const phase = (minimise: string, update?: string[]) => ({ training: { phases: [{ minimise, update, optimiser: { type: "sgd", rate: 0.1 } }] } });
    expect(codes(documentOf([toyData], []))).toEqual(["no-loss"]);
    expect(codes(documentOf(nodes, wires, phase("gone")))).toEqual(["unknown-target"]);
    expect(codes(documentOf(nodes, wires, phase("fc")))).toEqual(["not-a-scalar"]);
    expect(codes(documentOf(nodes, wires, phase("loss", ["conv"])))).toEqual(["unknown-update"]);
    expect(
      codes(documentOf([...nodes, { id: "loss2", type: "loss.cross-entropy" }], [...wires, ["fc.y", "loss2.x"], ["data.label", "loss2.label"]])),
    ).toEqual(["several-losses"]);
    const unreachable = documentOf(
      [toyData, { id: "flat", type: "flatten" }, { id: "loss", type: "loss.cross-entropy" }],
      [
        ["data.x", "flat.x"],
        ["flat.y", "loss.x"],
        ["data.label", "loss.label"],
      ],
    );
    expect(codes(unreachable).length).toBe(1);
  });
});
