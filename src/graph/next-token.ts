import type { Checked, FlatNode } from "./types.ts";

/** Where a document says which token comes next. */
export interface NextToken {
  /** Path of the `output` node at which logits `[batch, length, classes]` arrive. */
  readonly output: string;
  /** Path of the data-set node that the text comes from, and its port: tokens `[batch, length]`. */
  readonly data: string;
  readonly port: string;
  /** Tokens of an example: more are never seen at once. */
  readonly length: number;
  readonly classes: number;
}

/**
 * The first output that gives, for every token of one data set's port, a logit for each of the same tokens; undefined if there is none.
 * Whether it sees only what comes before is for the engine to find out.
 */
export function nextToken(checked: Checked): NextToken | undefined {
  const before = known.get(checked);
  if (before) return before.next;
  const next = findNextToken(checked);
  known.set(checked, { next });
  return next;
}

/** It is asked for after every change of anything. */
const known = new WeakMap<Checked, { readonly next: NextToken | undefined }>();

function findNextToken(checked: Checked): NextToken | undefined {
  for (let i = 0; i < checked.nodes.length; i++) {
    const node = checked.nodes[i];
    const logits = node?.layer.role === "output" ? checked.facts[i]?.inputs.x : undefined;
    if (!node || !logits || !("shape" in logits) || logits.dtype !== "float32") continue;
    const [batch, length, classes, ...more] = logits.shape;
    if (batch !== "batch" || typeof length !== "number" || typeof classes !== "number" || more.length > 0) continue;
    const sources = sourcesBehind(node, checked);
    const [only] = sources;
    if (sources.length !== 1 || !only) continue;
    const tokens = checked.facts[only.index]?.outputs[only.port];
    if (tokens?.dtype !== "int32" || tokens.shape.length !== 2 || tokens.shape[1] !== length || tokens.classes !== classes) continue;
    if (only.node.layer.type === "dataset") return { output: node.path, data: only.node.path, port: only.port, length, classes };
  }
  return undefined;
}

/** Output ports of the nodes that compute nothing and that a node depends on. */
function sourcesBehind(node: FlatNode, { nodes }: Checked): { readonly index: number; readonly node: FlatNode; readonly port: string }[] {
  const found = new Map<string, { readonly index: number; readonly node: FlatNode; readonly port: string }>();
  const seen = new Set<number>();
  const open = Object.values(node.inputs).flat();
  for (let wire = open.pop(); wire; wire = open.pop()) {
    const source = nodes[wire.node];
    if (!source) continue;
    if (source.layer.role === "source") {
      found.set(`${source.path}.${wire.port}`, { index: wire.node, node: source, port: wire.port });
      continue;
    }
    if (seen.has(wire.node)) continue;
    seen.add(wire.node);
    open.push(...Object.values(source.inputs).flat());
  }
  return [...found.values()];
}
