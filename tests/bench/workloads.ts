import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { openTemplate } from "../support/templates.ts";

/** What is timed against PyTorch: the models of shared/performance.md as documents, by the names that `pytorch.py` knows them by. */
export const workloads: Readonly<Record<string, () => NetloomDocument>> = {
  mlp: () => classifier(128, [["flatten"], ["dense", { units: 512 }], ["relu"], ["dense", { units: 512 }], ["relu"], ["dense", { units: 10 }]]),
  mnist1d: () => openTemplate("mnist1d-conv").document,
  cnn: () =>
    classifier(64, [
      ["conv2d", { filters: 32, kernel: 3 }],
      ["relu"],
      ["max-pool", { size: 2 }],
      ["conv2d", { filters: 64, kernel: 3 }],
      ["relu"],
      ["max-pool", { size: 2 }],
      ["flatten"],
      ["dense", { units: 128 }],
      ["relu"],
      ["dense", { units: 10 }],
    ]),
  gpt: () => {
    const { document } = openTemplate("tiny-gpt");
    return withWidth(document, 128, 4, 4);
  },
};

/** Fashion-MNIST through a chain of layers to a cross-entropy, with plain SGD. */
function classifier(batch: number, layers: readonly (readonly [type: string, params?: object])[]): NetloomDocument {
  const nodes = layers.map(([type, params], i) => ({ id: `layer${i}`, type, ...(params && { params }) }));
  const edges = nodes.map(({ id }, i) => ({ from: i === 0 ? "data.x" : `layer${i - 1}.y`, to: `${id}.x` }));
  return read({
    netloom: 1,
    name: "workload",
    nodes: [{ id: "data", type: "dataset", params: { name: "fashion-mnist" } }, ...nodes, { id: "loss", type: "loss.cross-entropy" }],
    edges: [...edges, { from: `${nodes.at(-1)?.id}.y`, to: "loss.x" }, { from: "data.label", to: "loss.label" }],
    training: { batch, phases: [{ minimise: "loss", optimiser: { type: "sgd", rate: 0.01 } }] },
  });
}

/** The tiny GPT template at another size, with plain SGD. */
function withWidth(document: NetloomDocument, width: number, heads: number, repeat: number): NetloomDocument {
  const nodes = document.nodes.map((node) => {
    const params = { ...node.params };
    if ("width" in params) params.width = width;
    if ("heads" in params) params.heads = heads;
    if ("repeat" in params) params.repeat = repeat;
    return { ...node, params };
  });
  return { ...document, nodes, training: { batch: 16, phases: [{ minimise: "loss", optimiser: { type: "sgd", rate: 0.01 } }] } };
}

function read(document: object): NetloomDocument {
  const result = readDocument(JSON.stringify(document));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.document;
}
