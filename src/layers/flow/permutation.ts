import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { rng } from "../../tensor/random.ts";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice, int } from "../params.ts";
import { flowPort, flowTypes, sameEach } from "./per-example.ts";

/** Features in another, fixed order, so that the next coupling changes what this one kept: log|∂y/∂x| = 0 (UDL 16.3.1). */
export const permutation = defineLayer({
  type: "permutation",
  title: "Permutation",
  family: "flow",
  book: "16.3.1",
  aliases: ["shuffle", "reverse", "swap", "channels", "normalising flow"],
  params: z.object({
    order: choice(["reverse", "shuffle"], { help: "Reverse: last comes first. Shuffle: an order drawn once, by the seed below." }),
    seed: int({ min: 0, max: 1_000_000, default: 1, help: "Which order." }),
  }),
  relevant: ({ order }) => (order === "shuffle" ? ["order", "seed"] : ["order"]),
  inputs: { x: flowPort },
  outputs: ["y", "logdet"],
  infer: ({ x }) => flowTypes(x),
  apply: ({ x }, _w, p) => ({ y: reorder(x, orderOf(x, p)), logdet: sameEach(0, x) }),
  inverse({ y }, _w, p) {
    const back: number[] = [];
    for (const [to, from] of orderOf(y, p).entries()) back[from] = to;
    return { x: reorder(y, back), logdet: sameEach(0, y) };
  },
  summary: ({ order }) => order,
  explain: { summary: "Puts features in another, fixed order.", equation: "\\mathbf{y} = \\mathbf{P}\\mathbf{x}" },
  examples: [{ inputs: { x: f32("batch", 3) } }, { params: { order: "shuffle" }, inputs: { x: f32("batch", 2, 2, 4) } }],
});

const reorder = (x: tf.Tensor, order: readonly number[]): tf.Tensor => tf.gather(x, tf.tensor1d([...order], "int32"), x.rank - 1);

/** Which feature of x comes where. */
function orderOf(x: tf.Tensor, { order, seed }: { readonly order: "reverse" | "shuffle"; readonly seed: number }): number[] {
  const size = x.shape.at(-1) as number;
  const list = Array.from({ length: size }, (_, i) => i);
  if (order === "reverse") return list.reverse();
  const keys = rng(seed, "permutation").fillUniform(new Float32Array(size));
  return list.sort((a, b) => (keys[a] as number) - (keys[b] as number));
}
