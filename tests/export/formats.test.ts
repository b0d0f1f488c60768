import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { readDocument } from "../../src/document/read.ts";
import { exportFormats } from "../../src/export/formats.ts";
import { netloomFormat } from "../../src/export/netloom.ts";
import { tfjsFormat } from "../../src/export/tfjs/tfjs.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { decodeSafetensors } from "../../src/tensor/safetensors.ts";
import { prepareBoth } from "../backends/compare.ts";
import { documentOf } from "../support/documents.ts";
import { openTemplate } from "../support/templates.ts";
import { filesOf, loadExported, someWeights } from "./exporting.ts";

beforeAll(prepareBoth);

const opened = (nodes: readonly object[], wires: readonly [string, string][], more: object = {}) => {
  const document = documentOf(nodes, wires, more);
  const checked = checkDocument(document, registry, createInferEnv());
  return { document, checked, weights: someWeights(checked) };
};
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const input = { id: "given", type: "input", params: { shape: [4] } };

describe("export formats", () => {
  it("have names of their own, and say what they are for", () => {
    expect(new Set(exportFormats.map(({ id }) => id)).size).toBe(exportFormats.length);
    for (const { title, about } of exportFormats) expect(Math.min(title.length, about.length - 20)).toBeGreaterThan(5);
  });
});

describe("the netloom format", () => {
  it("gives the document and its weights back as they were", async () => {
    const { document, checked } = openTemplate("mnist1d-conv");
    const weights = someWeights(checked);
    const files = new Map(filesOf(await netloomFormat.write({ document, checked, weights })).map(({ name, bytes }) => [name, bytes]));
    expect(readDocument(text(files.get("model.netloom")))).toMatchObject({ ok: true, document });
    const { tensors } = decodeSafetensors(files.get("weights.safetensors") ?? new Uint8Array());
    expect(Object.keys(tensors)).toEqual([...weights.keys()]);
    for (const [name, weight] of weights) expect(tensors[name]).toMatchObject(weight);
    expect(text(files.get("README.txt"))).toContain("MNIST-1D");
  });
});

describe("a tfjs graph model", () => {
  it("names its inputs, outputs and weights as the document does, and says where it comes from", async () => {
    const { document, checked, weights } = opened(
      [input, { id: "head", type: "dense", params: { units: 3 } }, { id: "scores", type: "output" }],
      [
        ["given.x", "head.x"],
        ["head.y", "scores.x"],
      ],
    );
    const model = JSON.parse(text(filesOf(await tfjsFormat.write({ document, checked, weights }))[0]?.bytes));
    expect(model.signature.inputs.x).toMatchObject({ dtype: "DT_FLOAT", tensorShape: { dim: [{ size: "-1" }, { size: "4" }] } });
    expect(model.signature.outputs.scores.tensorShape.dim).toEqual([{ size: "-1" }, { size: "3" }]);
    expect(model.weightsManifest[0].weights.map(({ name }: { name: string }) => name)).toEqual(["head/kernel", "head/bias"]);
    expect(model.modelTopology.node.map(({ op }: { op: string }) => op)).toEqual(["Placeholder", "Const", "Const", "_FusedMatMul", "Identity"]);
    expect(model.userDefinedMetadata).toMatchObject({ name: "test", netloom: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  it("gives what its losses judge where there is no output node", async () => {
    const { document, checked } = openTemplate("mnist1d-conv");
    const withoutOutput = {
      ...checked,
      nodes: checked.nodes.map((node) => ({
        ...node,
        layer: node.layer.role === "output" ? { ...node.layer, role: "preview" as const } : node.layer,
      })),
    };
    const [file] = filesOf(await tfjsFormat.write({ document, checked: withoutOutput, weights: someWeights(checked) }));
    const outputs: { tensorShape: { dim: object[] } }[] = Object.values(JSON.parse(text(file?.bytes)).signature.outputs);
    expect(outputs.map(({ tensorShape }) => tensorShape.dim)).toEqual([[{ size: "-1" }, { size: "10" }]]);
  });

  it("is cut into files of four mebibytes that load as one", async () => {
    const { document, checked, weights } = opened(
      [
        input,
        { id: "wide", type: "dense", params: { units: 300_000 } },
        { id: "narrow", type: "dense", params: { units: 1 } },
        { id: "result", type: "output" },
      ],
      [
        ["given.x", "wide.x"],
        ["wide.y", "narrow.x"],
        ["narrow.y", "result.x"],
      ],
    );
    const files = filesOf(await tfjsFormat.write({ document, checked, weights }));
    expect(files.map(({ name }) => name)).toEqual(["model.json", "group1-shard1of2.bin", "group1-shard2of2.bin"]);
    const model = await loadExported(files);
    const result = model.predict(tf.ones([2, 4])) as tf.Tensor;
    expect(result.shape).toEqual([2, 1]);
    model.dispose();
  });

  it("is refused in words for a model that gives nothing", async () => {
    const { document, checked, weights } = opened([input, { id: "head", type: "dense" }], [["given.x", "head.x"]]);
    expect(await tfjsFormat.write({ document, checked, weights })).toEqual({
      ok: false,
      problems: [{ message: expect.stringContaining("Wire what it should give to an output node") }],
    });
  });

  it("is refused, naming the node, where a weight is missing", async () => {
    const { document, checked } = openTemplate("moons-mlp");
    const weights = new Map([...someWeights(checked)].slice(1));
    expect(await tfjsFormat.write({ document, checked, weights })).toMatchObject({
      ok: false,
      problems: [{ node: expect.any(String), message: expect.stringContaining("missing") }],
    });
  });

  it("leaves the backend and its tensors as they were", async () => {
    await tf.setBackend("wasm");
    const { document, checked } = openTemplate("moons-mlp");
    const weights = someWeights(checked);
    const before = tf.memory().numTensors;
    await tfjsFormat.write({ document, checked, weights });
    expect([tf.getBackend(), tf.memory().numTensors]).toEqual(["wasm", before]);
  });
});
