import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { defineLayer, type Layer, outputPorts } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import { namedAxis, type TensorType } from "../../src/tensor/types.ts";
import { prepareBoth } from "../backends/compare.ts";
import { documentOf } from "../support/documents.ts";
import { lightIds, openTemplate } from "../support/templates.ts";
import { expectSameModel } from "./exporting.ts";

beforeAll(prepareBoth);

const env = createInferEnv();

/** A source of the given types, one port each: stands for whatever feeds a layer. */
const feeding = (types: Readonly<Record<string, TensorType>>): Layer =>
  defineLayer({
    type: "feeding",
    title: "Feeding",
    family: "data",
    role: "source",
    params: z.object({}),
    inputs: {},
    outputs: () => Object.keys(types),
    infer: () => types,
    explain: { summary: "For tests." },
    examples: [],
  });

/** A layer between what feeds it and output nodes. */
function around(layer: Layer, params: Readonly<Record<string, unknown>>, inputs: Readonly<Record<string, TensorType | readonly TensorType[]>>) {
  const types: Record<string, TensorType> = {};
  const wires: [string, string][] = [];
  for (const [port, given] of Object.entries(inputs))
    [given].flat().forEach((type, i) => {
      const name = `${port}${i}`;
      types[name] = { ...type, shape: type.shape.map((size) => (typeof size === "string" && size !== "batch" ? 6 : size)) };
      wires.push([`feed.${name}`, `layer.${port}`]);
    });
  const ports = outputPorts(layer, layer.params.parse(params), env);
  const nodes = [
    ...(wires.length > 0 ? [{ id: "feed", type: "feeding" }] : []),
    { id: "layer", type: layer.type, params },
    ...ports.map((port) => ({ id: `out-${port}`, type: "output" })),
  ];
  for (const port of ports) wires.push([`layer.${port}`, `out-${port}.x`]);
  const document = documentOf(nodes, wires);
  return { document, checked: checkDocument(document, new Map([...registry, ["feeding", feeding(types)]]), env) };
}

describe("a tfjs graph model of one layer gives what the layer gives:", () => {
  // A readout gives a row for each graph of a batch, and nothing in its inputs says how many these are.
  // mask-tokens draws three times at a time, which this comparison cannot feed. A gradient needs what it is of to come of what it is by:
  // it stands in whole documents.
  const alone: ReadonlySet<string> = new Set(["graph-readout", "mask-tokens", "gradient"]);
  const layers = [...registry.values()].filter(
    ({ type, role, apply }) => !alone.has(type) && (role === "layer" || role === "source") && apply !== undefined,
  );
  // A time that is the end is the same for all examples, and nothing says how many these are.
  const counted = ({ type, examples }: Layer) => examples.filter(({ params }) => !(type === "diffusion-time" && params?.at === "end"));
  it.each(layers.flatMap((layer) => counted(layer).map((example, i) => [`${layer.type} ${i + 1}`, layer, example] as const)))(
    "%s",
    async (_, layer, { params = {}, inputs }) => {
      const { document, checked } = around(layer, params, inputs);
      expect(checked.problems.filter(({ severity }) => severity === "error")).toEqual([]);
      await expectSameModel(document, checked);
    },
  );
});

describe("a tfjs graph model of a whole document gives what the document gives:", () => {
  it.each(lightIds)("%s", async (id) => {
    const { document, checked } = openTemplate(id);
    const manySizes = checked.facts.some(
      (facts, i) => checked.nodes[i]?.layer.role === "source" && Object.values(facts?.outputs ?? {}).some(namedAxis),
    );
    if (manySizes) await expect(expectSameModel(document, checked)).rejects.toThrow(/one whole graph/);
    else await expectSameModel(document, checked);
  });
});
