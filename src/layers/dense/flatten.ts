import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/** All axes but the batch become one: `[batch, a, b, …] → [batch, a·b·…]`. */
export const flatten = defineLayer({
  type: "flatten",
  title: "Flatten",
  family: "dense",
  book: "10.2",
  aliases: ["vectorise", "vectorize", "reshape"],
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "Any tensor with a batch axis." } },
  outputs: ["y"],
  infer({ x }) {
    const [batch, ...rest] = x.shape;
    if (batch === undefined) return problem("There is no batch axis to keep: this is a single number.", { port: "x", expected: "[batch, …]" });
    const loose = rest.find((dim) => typeof dim !== "number");
    if (loose !== undefined)
      return problem(`The axis "${loose}" has no fixed size, so the length of the vector is unknown.`, {
        port: "x",
        expected: "numbers after the batch axis",
      });
    return {
      y: f32(
        batch,
        rest.reduce<number>((product, dim) => product * Number(dim), 1),
      ),
    };
  },
  apply: ({ x }) => ({ y: tf.reshape(x, [x.shape[0] as number, x.shape.slice(1).reduce((product, dim) => product * dim, 1)]) }),
  explain: { summary: "Lays every example out as one long vector.", equation: "\\mathbf{y} = \\operatorname{vec}(\\mathbf{x})" },
  examples: [{ inputs: { x: f32("batch", 3, 2, 2) } }, { inputs: { x: f32("batch", 5) } }, { inputs: { x: f32("batch") } }],
});
