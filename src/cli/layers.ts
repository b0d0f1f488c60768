import type { Layer } from "../layers/contract.ts";
import { describeParams, type ParamField } from "../layers/describe.ts";
import { families } from "../layers/families.ts";
import { nearestName } from "../layers/nearest.ts";
import { registry } from "../layers/registry.ts";
import { type Command, parse, UsageError } from "./command.ts";
import { formatTable } from "./table.ts";

const help = `netloom layers [type] [options]

Lists the types of layers that documents are made of, or tells one's ports and parameters.

  --json   the same as JSON
`;

export const layers: Command = {
  name: "layers",
  summary: "list the types of layers, or explain one",
  help,
  async run(args, terminal) {
    const { values, positionals } = parse(args, { json: { type: "boolean" } }, { min: 0, max: 1, what: "" });
    const [type] = positionals;
    if (type === undefined) {
      const all = [...registry.values()];
      const rows = all.map((layer) => [layer.type, families[layer.family], layer.book ?? "", layer.explain.summary]);
      terminal.out(values.json ? json(all.map(facts)) : formatTable(["type", "family", "book", ""], rows));
      return 0;
    }
    const layer = registry.get(type);
    if (!layer) {
      const near = nearestName(type, [...registry.keys()]);
      throw new UsageError(`There is no layer of type "${type}".${near === undefined ? "" : ` Did you mean "${near}"?`}`);
    }
    terminal.out(values.json ? json(facts(layer)) : page(layer));
    return 0;
  },
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What a program may want to know of a layer. Outputs are absent where they follow from the parameters. */
const facts = (layer: Layer) => ({
  type: layer.type,
  title: layer.title,
  family: layer.family,
  role: layer.role,
  ...(layer.book !== undefined && { book: layer.book }),
  summary: layer.explain.summary,
  inputs: layer.inputs,
  ...(typeof layer.outputs !== "function" && { outputs: layer.outputs }),
  params: describeParams(layer),
});

function page(layer: Layer): string {
  const inputs = Object.entries(layer.inputs).map(([name, port]) => [name, `${port.help}${port.optional ? " May stay unconnected." : ""}`]);
  const params = describeParams(layer).map((field) => [field.name, JSON.stringify(field.default), range(field), field.help]);
  return [
    `${layer.title} (${layer.type})${layer.book === undefined ? "" : `, book ${layer.book}`}\n${layer.explain.summary}\n`,
    inputs.length > 0 ? formatTable(["input", ""], inputs) : "",
    typeof layer.outputs === "function"
      ? "Its outputs follow from its parameters.\n"
      : layer.outputs.length > 0
        ? `Outputs: ${layer.outputs.join(", ")}\n`
        : "",
    params.length > 0 ? formatTable(["parameter", "default", "values", ""], params) : "",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function range(field: ParamField): string {
  switch (field.kind) {
    case "choice":
      return field.options.join(" | ");
    case "flag":
      return "true | false";
    case "text":
      return "text";
    case "int":
    case "real":
    case "ints":
    case "extent":
      return `${field.min ?? "…"} to ${field.max ?? "…"}`;
  }
  field satisfies never;
}
