import { heapLimit } from "../backends/kernels/heap.ts";
import { compile } from "../compiler/compile.ts";
import { bundledInfo } from "../data/catalogue.ts";
import { trainingPlan } from "../graph/training.ts";
import type { Checked, FlatNode, NodeFacts } from "../graph/types.ts";
import { formatBytes } from "../tensor/bytes.ts";
import { formatShape, type TensorType } from "../tensor/types.ts";
import { type Command, parse, type Terminal } from "./command.ts";
import { type Loaded, loadDocument, NotADocument } from "./load.ts";
import { formatProblems, listProblem } from "./problems.ts";
import { formatTable } from "./table.ts";

const help = `netloom inspect <document or template> [--json]

Shows every layer with its shapes, parameters and multiply-adds, the sums, and what is wrong.

  --json   one object: name, nodes (each with path, type, title, params, inputs, outputs, parameters,
           trainable, multiplyAdds, activations), parameters, trainable, multiplyAdds, activations, memory
           (bytes that a training step needs on the processor), problems
`;

export const inspect: Command = {
  name: "inspect",
  summary: "show layers, shapes, parameters and problems of a document",
  help,
  async run(args, terminal) {
    const { values, positionals } = parse(args, { json: { type: "boolean" } }, { min: 1, max: 1, what: "The document" });
    const [argument = ""] = positionals;
    try {
      const loaded = await loadDocument(argument, terminal);
      const { checkLoaded } = await import("./checked.ts");
      const checked = await checkLoaded(loaded, terminal);
      const memory = await predicted(loaded, checked);
      if (values.json) terminal.out(`${JSON.stringify(describe(loaded, checked, memory), null, 2)}\n`);
      else show(loaded, checked, memory, terminal);
      return checked.ok ? 0 : 1;
    } catch (error) {
      if (!(error instanceof NotADocument) || !values.json) throw error;
      const nothing = { name: null, nodes: [], parameters: 0, trainable: 0, multiplyAdds: 0, activations: 0 };
      terminal.out(`${JSON.stringify({ ...nothing, problems: error.problems }, null, 2)}\n`);
      return 1;
    }
  },
};

/** Memory of a training step on the processor, in bytes. */
interface StepMemory {
  readonly weights: number;
  readonly slots: number;
  /** Activations and gradients; null where the rest is too much already. */
  readonly step: number | null;
  /** The same if activations are recomputed. */
  readonly recomputed: number | null;
  readonly batch: number;
  readonly sentence: string;
}

/** What a training step needs; undefined for what cannot be trained. */
async function predicted({ document }: Loaded, checked: Checked): Promise<StepMemory | undefined> {
  const planned = checked.ok ? trainingPlan(document, checked) : undefined;
  if (!planned?.ok) return undefined;
  const { describeMemory } = await import("../training/fit.ts");
  const { expectedSizes, predictMemory } = await import("../training/memory.ts");
  const { plan } = planned;
  const { batch } = plan;
  const options = { backend: "wasm", batch, limit: heapLimit };
  const program = compile(checked);
  const sizes = expectedSizes(plan, bundledInfo);
  const kept = await predictMemory(program, plan, { ...options, recompute: false, sizes });
  const again = await predictMemory(program, plan, { ...options, recompute: true, sizes });
  const { weights, slots, step = null } = kept;
  const recomputed = again.step ?? null;
  const less = recomputed !== null && step !== null && recomputed < step * 0.95 ? `, ${formatBytes(recomputed)} with recomputation` : "";
  const sentence = `${describeMemory({ ...kept, copies: 0 }, batch).slice(0, -1)}${less}`;
  return { weights, slots, step, recomputed, batch, sentence };
}

function describe({ document, path }: Loaded, checked: Checked, memory: StepMemory | undefined) {
  return {
    name: document.name,
    file: path,
    ...(document.about?.chapter === undefined ? {} : { chapter: document.about.chapter }),
    ...checked.totals,
    ...(memory && {
      memory: { weights: memory.weights, slots: memory.slots, step: memory.step, recomputed: memory.recomputed, batch: memory.batch },
    }),
    nodes: checked.nodes.map((node, index) => describeNode(node, checked.facts[index])),
    problems: checked.problems.map(listProblem),
  };
}

/** Shapes are lists of numbers and names; what is not known, because something before it is wrong, is null. */
function describeNode({ path, layer, params }: FlatNode, facts: NodeFacts | undefined) {
  const type = ({ shape, dtype, classes }: TensorType) => ({ shape, dtype, ...(classes === undefined ? {} : { classes }) });
  const inputs = Object.entries(facts?.inputs ?? {}).map(([port, value]) => [port, value === undefined ? null : [value].flat().map(type)]);
  const outputs = Object.entries(facts?.outputs ?? {}).map(([port, value]) => [port, type(value)]);
  return {
    path,
    type: layer.type,
    title: layer.title,
    params,
    inputs: Object.fromEntries(inputs),
    outputs: facts === undefined ? null : Object.fromEntries(outputs),
    parameters: facts?.parameters ?? null,
    trainable: facts?.trainable ?? null,
    multiplyAdds: facts?.multiplyAdds ?? null,
    activations: facts?.activations ?? null,
    ...(facts?.receptiveField === undefined ? {} : { receptiveField: facts.receptiveField }),
  };
}

const count = (value: number): string => value.toLocaleString("en");

function show({ document }: Loaded, checked: Checked, memory: StepMemory | undefined, terminal: Terminal): void {
  const rows = checked.nodes.map(({ path, layer, params }, index) => {
    const facts = checked.facts[index];
    const shapes = Object.values(facts?.outputs ?? {}).map(({ shape }) => formatShape(shape));
    return [
      path,
      layer.title,
      layer.summary?.(params) ?? "",
      facts === undefined ? "?" : shapes.join(" "),
      facts === undefined ? "?" : count(facts.parameters),
      facts === undefined ? "?" : count(facts.multiplyAdds),
      facts?.receptiveField?.join("×") ?? "",
    ];
  });
  const fields = rows.some((row) => row[6] !== "");
  const chapter = document.about?.chapter === undefined ? "" : `  (book ${document.about.chapter})`;
  terminal.out(`${document.name}${chapter}\n\n`);
  terminal.out(formatTable(["node", "layer", "", "output", "parameters", "multiply-adds", fields ? "receptive field" : ""], rows, [4, 5, 6]));
  const { parameters, trainable, multiplyAdds, activations } = checked.totals;
  const fixed = trainable === parameters ? "" : ` (${count(trainable)} trainable)`;
  terminal.out(
    `\n${count(checked.nodes.length)} nodes, ${count(parameters)} parameters${fixed}, ${count(multiplyAdds)} multiply-adds and ${count(activations)} activations (${formatBytes(4 * activations)}) an example\n`,
  );
  if (memory) terminal.out(`To train: ${memory.sentence.slice(0, 1).toLowerCase()}${memory.sentence.slice(1)}\n`);
  if (checked.problems.length > 0) terminal.out(`\n${formatProblems(checked.problems)}\n`);
}
