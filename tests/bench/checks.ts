import { readFileSync } from "node:fs";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { applyEdit } from "../../src/document/edits.ts";
import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument, createChecker } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { time } from "./median.ts";

const env = createInferEnv();

/** Checks of a chain of 2,000 nodes: from cold (the document freshly read), and after one edit near its end. */
export function benchChecks(): object[] {
  const text = chain(2000);
  for (let i = 0; i < 20; i++) checkDocument(read(text), registry, env);
  const documents = Array.from({ length: 21 }, () => read(text));
  const cold = time(documents.length, () => {
    const document = documents.pop();
    if (document) checkDocument(document, registry, env);
  });
  const checker = createChecker(registry, env);
  let document = read(text);
  checker.check(document);
  let filters = 8;
  const edit = time(51, () => {
    filters = filters === 8 ? 9 : 8;
    document = applyEdit(document, { kind: "set-params", graph: "", node: "n1990", params: { filters } });
    checker.check(document);
  });
  const stacks = [
    { id: "bottleneck", check: "ResNet-200's 66 blocks, one node ×66", repeat: 66 },
    { id: "gpt-layer", check: "GPT-3's 96 layers, one node ×96", repeat: 96 },
  ];
  return [
    ...stacks.map(({ id, check, repeat }) => ({ check, ms: Number(repeated(id, repeat).toFixed(2)), bound: "< 50" })),
    { check: "2,000 nodes from cold", ms: Number(cold.toFixed(2)), bound: "< 30" },
    { check: "2,000 nodes after one edit", ms: Number(edit.toFixed(2)), bound: "< 3" },
  ];
}

/** Milliseconds to check, from cold, the small document of a library block with that many copies. */
function repeated(id: string, repeat: number): number {
  const text = readFileSync(`templates/blocks/${id}.json`, "utf8");
  const documents = Array.from({ length: 22 }, (): NetloomDocument => {
    const document = read(text);
    return {
      ...document,
      nodes: document.nodes.map((node) => (node.type === `block:${id}` ? { ...node, params: { ...node.params, repeat } } : node)),
    };
  });
  return time(documents.length - 1, () => {
    const document = documents.pop();
    if (document) checkDocument(document, registry, env);
  });
}

function read(text: string): NetloomDocument {
  const result = readDocument(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.document;
}

/** A data set, then convolutions and ReLUs in turn. */
function chain(length: number): string {
  const nodes = Array.from({ length }, (_, i) =>
    i % 2 === 0 ? { id: `n${i}`, type: "conv2d", params: { filters: 8, kernel: 3, padding: "same" } } : { id: `n${i}`, type: "relu" },
  );
  const edges = nodes.map(({ id }, i) => ({ from: i === 0 ? "data.x" : `n${i - 1}.y`, to: `${id}.x` }));
  return JSON.stringify({ netloom: 1, name: "chain", nodes: [{ id: "data", type: "dataset", params: { name: "digits" } }, ...nodes], edges });
}
