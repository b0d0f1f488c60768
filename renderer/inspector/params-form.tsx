import { applyEdit } from "../../src/document/edits.ts";
import type { GraphNode, ParamValue } from "../../src/document/schema.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import { type ParamField as Described, describeParams } from "../../src/layers/describe.ts";
import { type NodeInfo, scopeOfGraph } from "../editor/node-info.ts";
import { commonFields, paramText } from "../editor/params.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { ParamField } from "./param-field.tsx";

type Chosen = { readonly node: GraphNode; readonly info: NodeInfo };

/** The settings of one layer, or those that several have in common. */
export function ParamsForm({ chosen }: { chosen: readonly Chosen[] }) {
  const graph = useDocument(openGraph);
  const scope = useDocument((state) => scopeOfGraph(state.document, openGraph(state)).values);
  const env = useDocument((state) => state.env);
  const fields = commonFields(chosen.map((one) => fieldsOf(one, env)));
  const ids = chosen.map(({ node }) => node.id);
  if (fields.length === 0) return null;
  const set = (field: Described, value: ParamValue | undefined, merge: string) =>
    useDocument
      .getState()
      .edit(
        `Set ${field.title.toLowerCase()} of ${ids.length === 1 ? ids[0] : `${ids.length} nodes`}`,
        (document) => ids.reduce((shown, node) => applyEdit(shown, { kind: "set-params", graph, node, params: { [field.name]: value } }), document),
        { merge: `${merge} ${ids.join(" ")}` },
      );
  return (
    <div data-params>
      {fields.map((field) => {
        const values = chosen.map(({ node }) => node.params?.[field.name]);
        const mixed = values.some(
          (value) => paramText(value ?? (field.default as ParamValue)) !== paramText(values[0] ?? (field.default as ParamValue)),
        );
        const fault = chosen.length === 1 ? chosen[0]?.info.faults.find((one) => one.name === field.name)?.message : undefined;
        const datasets = field.name === "name" && chosen.every(({ info }) => info.layer?.type === "dataset");
        return (
          <ParamField
            key={`${graph} ${ids.join(" ")} ${field.name}`}
            field={field}
            value={values[0]}
            mixed={mixed}
            scope={scope}
            {...(fault !== undefined && { fault })}
            {...(datasets && { suggestions: env.datasetNames().map((name) => ({ value: name, label: env.dataset(name)?.title ?? name })) })}
            onChange={(value, merge) => set(field, value, merge)}
          />
        );
      })}
    </div>
  );
}

/** A layer's parameters, or a block's own as its instances set them, with how often it repeats. */
function fieldsOf({ node, info }: Chosen, env: InferEnv): readonly Described[] {
  if (info.layer) {
    const fields = describeParams(info.layer);
    if (!info.layer.relevant) return fields;
    const defaults = Object.fromEntries(fields.map((field) => [field.name, field.default]));
    const names = info.layer.relevant({ ...defaults, ...node.params }, env);
    return fields.filter(({ name }) => names.includes(name) || node.params?.[name] !== undefined);
  }
  const own = Object.entries(info.block?.params ?? {}).map(([name, value]): Described => {
    const base = { name, title: name, help: `A parameter of the block; ${String(value)} if not set.` };
    if (typeof value === "number") return { ...base, kind: "real", default: value };
    return typeof value === "boolean" ? { ...base, kind: "flag", default: value } : { ...base, kind: "text", default: value };
  });
  return [
    ...own,
    {
      name: "repeat",
      title: "Repeat",
      help: "Copies in a row, each fed by the one before, each with weights of its own.",
      kind: "int",
      min: 1,
      max: 10_000,
      default: 1,
    },
  ];
}
