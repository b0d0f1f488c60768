import { type Extent, isFixed } from "../extent.ts";
import type { Recorded, Value } from "../record.ts";
import { Refusal } from "../refusal.ts";
import { attr, type DataType, dataTypes, GraphBuilder, shapeOf, type TensorShape } from "./graph-def.ts";
import type { Rule, Shaped } from "./rule.ts";
import { arithmeticRules } from "./rules-arithmetic.ts";
import { convolutionRules } from "./rules-convolution.ts";
import { shapeRules } from "./rules-shape.ts";

/** An input or output of a graph, as a person calls it. */
export interface Endpoint {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly Extent[];
  readonly tensorShape: TensorShape;
}

export interface Translated {
  readonly graph: GraphBuilder;
  readonly inputs: readonly (Endpoint & { readonly draw?: "normal" | "uniform" })[];
  readonly outputs: readonly Endpoint[];
}

const rules: Readonly<Record<string, Rule>> = { ...arithmeticRules, ...convolutionRules, ...shapeRules };

/**
 * Writes a recorded program as a TensorFlow graph. Inputs, weights and outputs keep their names; random numbers become inputs.
 * @throws Refusal where a kernel has no counterpart
 */
export function translate(recorded: Recorded, weights: ReadonlyMap<string, { readonly data: Float32Array }>): Translated {
  const graph = new GraphBuilder();
  const names: (string | undefined)[] = [];
  const inputs: Translated["inputs"][number][] = [];
  const reshaped = new Map<string, Shaped>();
  const short = shortNames(recorded.values);
  // Inputs come first: the batch is read off one of them.
  recorded.values.forEach((value, i) => {
    const { source, shape, dtype } = value;
    if (source.kind !== "input" && source.kind !== "draw") return;
    const name = graph.placeholder(source.kind === "input" ? (short.get(source.name) ?? source.name) : `${source.node}/random`, dtype, shape);
    names[i] = name;
    inputs.push({ ...endpoint(name, value), ...(source.kind === "draw" && { draw: source.distribution }) });
  });
  const outputNames = recorded.outputs.map(({ name }) => graph.name(name));
  const nameOf = (index: number): string => {
    names[index] ??= nameGiven(graph, recorded.values[index] as Value, weights);
    return names[index];
  };
  for (const call of recorded.calls) {
    const rule = rules[call.kernel];
    if (rule === undefined) throw new Refusal(`It computes with ${call.kernel}, which the format does not have.`, call.node);
    const found = Object.entries(call.inputs).map(([port, index]) => ({ port, name: nameOf(index), value: recorded.values[index] as Value }));
    const results = rule({
      call,
      graph,
      inputs: Object.fromEntries(found.map(({ port, name }) => [port, name])),
      given: Object.fromEntries(found.map(({ port, value }) => [port, value])),
      outputs: call.outputs.map((index) => recorded.values[index] as Value),
      before: (name) => reshaped.get(name),
      remember: (name, before) => void reshaped.set(name, before),
    });
    call.outputs.forEach((index, i) => {
      names[index] ??= results[i];
    });
  }
  const outputs = recorded.outputs.map(({ value: index }, i) => {
    const value = recorded.values[index] as Value;
    const name = outputNames[i] as string;
    graph.nodes.push({ name, op: "Identity", input: [nameOf(index)], attr: { T: attr.type(value.dtype) } });
    return endpoint(name, value);
  });
  graph.prune(outputNames);
  return { graph, inputs, outputs };
}

const endpoint = (name: string, { dtype, shape }: Value): Endpoint => ({ name, dtype: dataTypes[dtype], shape, tensorShape: shapeOf(shape) });

/** Puts what the graph holds by itself into it: weights, constants. */
function nameGiven(graph: GraphBuilder, { source, shape, dtype }: Value, weights: ReadonlyMap<string, { readonly data: Float32Array }>): string {
  if (source.kind === "fill")
    return graph.add("Fill", "constants/fill", [graph.sizes(shape), graph.number(source.value, dtype)], { T: attr.type(dtype) });
  if (!isFixed(shape)) throw new Error("A stored tensor has a fixed shape.");
  if (source.kind === "constant") return graph.store(shape.length === 0 ? "constants/number" : "constants/table", dtype, shape, source.values);
  if (source.kind === "weight") return graph.store(source.name, dtype, shape, weights.get(source.name)?.data ?? []);
  throw new Error(`A ${source.kind} has its name before it is used.`);
}

/** `data.x` is called `x` where no other input is. */
function shortNames(values: readonly Value[]): Map<string, string> {
  const full = values.flatMap(({ source }) => (source.kind === "input" ? [source.name] : []));
  const ports = full.map((name) => name.slice(name.lastIndexOf(".") + 1));
  return new Map(full.map((name, i) => [name, ports.filter((port) => port === ports[i]).length === 1 ? (ports[i] as string) : name]));
}
