import * as tf from "@tensorflow/tfjs-core";
import type { FlatNode } from "../graph/types.ts";

/** The outputs of every node of one run, in order: given to a plan as `inspect`. It owns what it holds. */
export interface OutputRecord {
  readonly nodes: readonly FlatNode[];
  /** By `"path.port"`. */
  readonly outputs: ReadonlyMap<string, tf.Tensor>;
  add(node: FlatNode, produced: Readonly<Record<string, tf.Tensor>>): void;
  /** The first node that gave a value which is not finite. */
  firstNonFinite(): Promise<{ readonly node: string; readonly value: number } | undefined>;
  dispose(): void;
}

/** @param hold what to keep of an output: the tensor itself where a tape needs it, else a copy, for the run frees its own */
export function createRecord(hold: (tensor: tf.Tensor) => tf.Tensor): OutputRecord {
  const nodes: FlatNode[] = [];
  const outputs = new Map<string, tf.Tensor>();
  return {
    nodes,
    outputs,
    add(node, produced) {
      nodes.push(node);
      for (const [port, tensor] of Object.entries(produced)) outputs.set(`${node.path}.${port}`, tf.keep(hold(tensor)));
    },
    async firstNonFinite() {
      for (const { path, outputs: ports } of nodes) {
        for (const port of ports) {
          const tensor = outputs.get(`${path}.${port}`);
          const value = tensor && (await nonFinite(tensor));
          if (value !== undefined) return { node: path, value };
        }
      }
      return undefined;
    },
    dispose: () => tf.dispose([...outputs.values()]),
  };
}

/** The first value of a tensor that is not finite. */
export async function nonFinite(tensor: tf.Tensor): Promise<number | undefined> {
  return tensor.dtype === "float32" ? (await tensor.data<"float32">()).find((value) => !Number.isFinite(value)) : undefined;
}
