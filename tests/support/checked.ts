import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { documentOf, toyData, toyEnv } from "./documents.ts";

/** Small documents on toy data, and their check, that several tests of checking share. */

export const check = (document: NetloomDocument) => checkDocument(document, registry, toyEnv);
export const conv = (id: string, params: object = {}) => ({ id, type: "conv2d", params: { filters: 8, kernel: 3, padding: "valid", ...params } });
export const classifier = (filters: number) =>
  documentOf(
    [
      toyData,
      conv("conv1", { filters }),
      { id: "flat", type: "flatten" },
      { id: "out1", type: "dense", params: { units: 10 } },
      { id: "loss", type: "loss.cross-entropy" },
    ],
    [
      ["data.x", "conv1.x"],
      ["conv1.y", "flat.x"],
      ["flat.y", "out1.x"],
      ["out1.y", "loss.x"],
      ["data.label", "loss.label"],
    ],
  );
export const unit = (nodes: object[], edges: object[], params = {}) => ({ params, inputs: [{ name: "x" }], outputs: [{ name: "y" }], nodes, edges });
