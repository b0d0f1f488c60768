import "../tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import { loadTracer, type Tracer } from "../backends/trace.ts";
import { compile, type Program } from "../compiler/compile.ts";
import type { Plan } from "../compiler/plan.ts";
import { concreteShape, namedAxis } from "../tensor/types.ts";
import { batches } from "./extent.ts";
import type { ExportRequest } from "./formats.ts";
import { outputsOf } from "./outputs.ts";
import { joinRuns, type Recorded } from "./record.ts";
import { Refusal } from "./refusal.ts";

/**
 * Runs the part of a checked graph that its outputs need, as in evaluation, and records it for any number of examples.
 * @throws Refusal where that cannot be done, naming the node
 */
export async function recordProgram({ checked, weights }: ExportRequest): Promise<Recorded> {
  const outputs = outputsOf(checked);
  const program = compile(checked);
  const plan = program.plan(outputs.map(({ target }) => target));
  const graph = plan.feeds.find(({ type }) => namedAxis(type));
  if (graph)
    throw new Refusal(
      `Its port "${graph.port}" has as many ${namedAxis(graph.type)} as a batch of graphs happens to have. Only models of one whole graph can be exported so far.`,
      graph.path,
    );
  const tracer = await loadTracer();
  const run = (batch: number, seed: number) => traceRun(tracer, { program, plan, weights, names: outputs.map(({ name }) => name) }, batch, seed);
  return joinRuns([run(batches[0], 1), run(batches[1], 1), run(batches[0], 2)]);
}

interface Job {
  readonly program: Program;
  readonly plan: Plan;
  readonly weights: ExportRequest["weights"];
  /** Of the plan's targets. */
  readonly names: readonly string[];
}

function traceRun(tracer: Tracer, { program, plan, weights, names }: Job, batch: number, seed: number) {
  return tracer.trace(({ label, refer }) => {
    const feeds = Object.fromEntries(plan.feeds.map(({ key, type }) => [key, tf.zeros(concreteShape(type.shape, { batch }), type.dtype)] as const));
    const tensors: tf.Tensor[] = [];
    for (const index of plan.variables) {
      const variable = program.variables[index];
      const weight = weights.get(variable?.name ?? "");
      if (variable === undefined || weight === undefined) throw new Refusal(`Its weight "${variable?.weight}" is missing.`, variable?.path);
      tensors[index] = tf.tensor(weight.data, [...weight.shape], "float32");
    }
    const inputs = Object.fromEntries(Object.entries(feeds).map(([key, tensor]) => [key, refer(tensor)]));
    const named = Object.fromEntries(plan.variables.map((index) => [program.variables[index]?.name ?? "", refer(tensors[index] as tf.Tensor)]));
    let step = 0;
    const nextLabel = () => label(plan.steps[step++]?.node.path ?? "");
    nextLabel();
    const result = plan.run({ feeds, weights: tensors, training: false, step: 0, seed, batch, inspect: nextLabel });
    return { inputs, weights: named, outputs: Object.fromEntries(result.outputs.map((tensor, i) => [names[i] ?? "", refer(tensor)])) };
  });
}
