import { describe, expect, it } from "vitest";
import { nodeInfo } from "../../renderer/editor/node-info.ts";
import { applyEdit } from "../../src/document/edits.ts";
import { documentOf, toyEnv } from "../support/documents.ts";

const document = documentOf(
  [
    { id: "noise", type: "noise" },
    { id: "flow", type: "block:coupling" },
    { id: "layer", type: "affine-coupling" },
  ],
  [],
  {
    blocks: {
      coupling: {
        inputs: [{ name: "x" }, { name: "style" }, { name: "logdet", optional: true }],
        outputs: [{ name: "y" }, { name: "logdet" }],
        nodes: [
          { id: "net", type: "dense", params: { units: 4 } },
          { id: "bend", type: "coupling-transform" },
          { id: "sum", type: "add" },
        ],
        edges: [
          { from: "in.x", to: "bend.x" },
          { from: "in.style", to: "net.x" },
          { from: "net.y", to: "bend.parameters" },
          { from: "bend.y", to: "out.y" },
          { from: "in.logdet", to: "sum.x" },
          { from: "bend.logdet", to: "sum.x" },
          { from: "sum.y", to: "out.logdet" },
        ],
      },
    },
  },
);
const turned = (id: string) => applyEdit(document, { kind: "set-direction", graph: "", node: id, direction: "inverse" });
function portsOf(of: typeof document, id: string) {
  const node = of.nodes.find((one) => one.id === id);
  if (!node) throw new Error(`There is no node ${id}.`);
  const { inputs, outputs, backwards, turns } = nodeInfo(of, "", node, toyEnv);
  return { inputs: inputs.map(({ name }) => name), outputs: outputs.map(({ name }) => name), backwards, turns };
}

describe("a node that is set to run backwards", () => {
  it("changes inputs and outputs of a block, but for conditions and log-determinants", () => {
    expect(portsOf(document, "flow")).toMatchObject({ inputs: ["x", "style", "logdet"], outputs: ["y", "logdet"], backwards: false });
    expect(portsOf(turned("flow"), "flow")).toEqual({ inputs: ["y", "style", "logdet"], outputs: ["x", "logdet"], backwards: true, turns: true });
  });

  it("changes those of a layer that can be undone", () => {
    expect(portsOf(turned("layer"), "layer")).toEqual({ inputs: ["y"], outputs: ["x", "logdet"], backwards: true, turns: true });
    expect(portsOf(document, "noise").turns).toBe(false);
  });

  it("runs forwards again as it was before", () => {
    const back = applyEdit(turned("flow"), { kind: "set-direction", graph: "", node: "flow", direction: "forward" });
    expect(back).toEqual(document);
  });
});
