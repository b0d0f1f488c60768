import * as tf from "@tensorflow/tfjs-core";
import type { Target } from "../compiler/plan.ts";
import type { NetloomDocument } from "../document/schema.ts";
import type { Subject } from "./subject.ts";
import { AnalysisError, type Curve, type Found } from "./types.ts";

export interface VarianceAnalysis {
  /** Repeated blocks of the main graph; all of them if absent. */
  readonly blocks?: readonly string[] | undefined;
  readonly examples: number;
}

/**
 * The variance of what leaves each copy of repeated blocks before any training: how signals grow or die with depth (UDL 7.5, figure 11.6).
 * Over all elements and examples, in training mode, so that batch normalisation takes the batch's statistics.
 * Figures: `<block>` is the factor by which the variance changes from one copy to the next, on average (geometric mean).
 * @throws AnalysisError if there is no such block
 */
export function variancePerBlock(subject: Subject, { blocks, examples }: VarianceAnalysis): Found {
  const ids = blocks ?? subject.document.nodes.filter(({ id, type }) => type.startsWith("block:") && copiesOf(subject, id) > 1).map(({ id }) => id);
  if (ids.length === 0) throw new AnalysisError("There is no repeated block whose copies could be compared.");
  const chains = ids.map((id) => ({ id, outputs: outputsOfCopies(subject, id) }));
  const plan = subject.program.plan(chains.flatMap(({ outputs }) => outputs));
  const variances = tf.tidy(() => {
    const { feeds, batch } = subject.examples(plan, examples);
    const { outputs, updates } = plan.run({ feeds, weights: subject.weights, training: true, step: 0, seed: subject.seed, batch });
    tf.dispose([...updates.values()]);
    return outputs.map((output) => tf.moments(output).variance.dataSync()[0] as number);
  });
  let at = 0;
  const curves = chains.map(({ id, outputs }): Curve => {
    const y = variances.slice(at, (at += outputs.length));
    return { name: id, x: y.map((_, i) => i + 1), y };
  });
  const growth = ({ y }: Curve) => ((y.at(-1) as number) / (y[0] as number)) ** (1 / Math.max(1, y.length - 1));
  return {
    figures: Object.fromEntries(curves.map((curve) => [curve.name, growth(curve)])),
    about: "Factor by which the variance changes from one copy of the block to the next, on average: 1 keeps it, 2 doubles it.",
    findings: [{ kind: "curves", title: "Variance after each block", x: { label: "block" }, y: { label: "variance", log: true }, curves }],
  };
}

/** 0 if there is no such block; 1 if it is not repeated. */
function copiesOf({ checked }: Subject, id: string): number {
  let copies = 0;
  while (checked.nodes.some(({ path }) => path.startsWith(`${id}/${copies}/`))) copies++;
  return copies || (checked.nodes.some(({ path }) => path.startsWith(`${id}/`)) ? 1 : 0);
}

function outputsOfCopies(subject: Subject, id: string): Target[] {
  const node = subject.document.nodes.find((one) => one.id === id);
  const copies = copiesOf(subject, id);
  if (!node?.type.startsWith("block:") || copies === 0) throw new AnalysisError(`There is no block "${id}" in the main graph.`);
  const prefixes = copies === 1 ? [id] : Array.from({ length: copies }, (_, i) => `${id}/${i}`);
  return prefixes.map((prefix) => firstOutput(subject, subject.document, node.type.slice("block:".length), prefix));
}

/** Where the first output of one copy of a block comes from. */
function firstOutput(subject: Subject, document: NetloomDocument, block: string, prefix: string): Target {
  const definition = document.blocks?.[block];
  const port = definition?.outputs[0]?.name;
  const [id = "", from = ""] = definition?.edges.find(({ to }) => to === `out.${port}`)?.from.split(".") ?? [];
  const inner = definition?.nodes.find((node) => node.id === id);
  if (!inner) throw new AnalysisError(`The block "${block}" has no output to look at.`);
  if (!inner.type.startsWith("block:")) return { path: `${prefix}/${id}`, port: from };
  const copies = copiesOf(subject, `${prefix}/${id}`);
  return firstOutput(subject, document, inner.type.slice("block:".length), copies > 1 ? `${prefix}/${id}/${copies - 1}` : `${prefix}/${id}`);
}
