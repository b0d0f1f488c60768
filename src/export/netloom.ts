import { writeDocument } from "../document/write.ts";
import { encodeSafetensors, type Safetensor } from "../tensor/safetensors.ts";
import type { ExportFormat } from "./formats.ts";
import { generator } from "./version.ts";

const readme = (name: string) => `${name}

model.netloom         the network, its training and its data set: open it in Netloom
weights.safetensors   what it has learned

Each tensor in weights.safetensors is named after the node that it belongs to in model.netloom, a slash and the
weight: "conv1/kernel". Nodes inside a block have the block's name before theirs ("stage2/conv1/kernel"), repeated
blocks a number between ("stage2/0/conv1/kernel"), and nodes that share weights the shared name. Kernels of
convolutions are [height, width, in, out], those of linear layers [in, out].

safetensors files can be read without Netloom, for instance in Python:
  from safetensors.numpy import load_file
  weights = load_file("weights.safetensors")

Written by ${generator}.
`;

/** The document with its weights: what Netloom itself reads. */
export const netloomFormat: ExportFormat = {
  id: "netloom",
  title: "Netloom document with weights",
  about: "The document, its weights as safetensors, and a note on how they belong together. Loses nothing.",
  async write({ document, weights }) {
    const tensors: Record<string, Safetensor> = {};
    for (const [name, { shape, data }] of weights) tensors[name] = { dtype: "F32", shape, data };
    const text = new TextEncoder();
    const files = [
      { name: "model.netloom", bytes: text.encode(writeDocument(document)) },
      { name: "weights.safetensors", bytes: encodeSafetensors(tensors, { format: "netloom", document: document.name }) },
      { name: "README.txt", bytes: text.encode(readme(document.name || "Untitled")) },
    ];
    return { ok: true, files, notes: ["Open model.netloom in Netloom; weights.safetensors holds what it has learned."] };
  },
};
