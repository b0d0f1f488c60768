import type { NodeView } from "../../src/graph/types.ts";
import type { PortInfo } from "../editor/node-info.ts";
import { PortDot } from "./port.tsx";

type Props = { node: string; inputs: readonly PortInfo[]; outputs: readonly PortInfo[]; view: NodeView; wired: string; leaving: string };

/** One way in, one way out: the dots stand beside the title and need no names. */
export function SinglePorts({ node, inputs, outputs, view, wired, leaving }: Props) {
  return (
    <div className="node-single">
      {inputs.map((port) => (
        <PortDot key={port.name} node={node} port={port} side="in" state={inputState(port, view, wired)} />
      ))}
      {outputs.map((port) => (
        <PortDot key={port.name} node={node} port={port} side="out" state={outputState(port, leaving)} />
      ))}
    </div>
  );
}

/** Several ports: one line each, with names, inputs left and outputs right. */
export function PortRows({ node, inputs, outputs, view, wired, leaving }: Props) {
  const count = Math.max(inputs.length, outputs.length);
  return (
    <div className="node-ports">
      {Array.from({ length: count }, (_, i) => {
        const input = inputs[i];
        const output = outputs[i];
        return (
          <div key={`${input?.name ?? ""} ${output?.name ?? ""}`} className="node-port-row">
            {input && <PortDot node={node} port={input} side="in" state={inputState(input, view, wired)} />}
            <span data-optional={input?.optional || undefined}>{input?.name}</span>
            <span>{output?.name}</span>
            {output && <PortDot node={node} port={output} side="out" state={outputState(output, leaving)} />}
          </div>
        );
      })}
    </div>
  );
}

function inputState(port: PortInfo, view: NodeView, wired: string): "free" | "wired" | "missing" | "wrong" {
  const has = wired.split(" ").includes(port.name);
  const faulty = view.problems.some((problem) => problem.severity === "error" && problem.place.port === port.name);
  if (has) return faulty ? "wrong" : "wired";
  return faulty ? "missing" : "free";
}

const outputState = (port: PortInfo, leaving: string): "free" | "wired" => (leaving.split(" ").includes(port.name) ? "wired" : "free");
