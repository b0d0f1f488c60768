import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { ints } from "../params.ts";

const product = (sizes: readonly number[]) => sizes.reduce((n, size) => n * size, 1);

/** The same numbers in the same order under other sizes; the batch axis stays: `[batch, …] → [batch, …shape]`. */
export const reshape = defineLayer({
  type: "reshape",
  title: "Reshape",
  family: "dense",
  book: "10.2",
  aliases: ["view", "unflatten", "squeeze", "expand"],
  params: z.object({
    shape: ints({ min: -1, max: 100_000_000, default: [-1], help: "New sizes without the batch axis; one may be −1, which takes what is left." }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor with a batch axis." } },
  outputs: ["y"],
  infer({ x }, { shape }) {
    const [batch, ...rest] = x.shape;
    if (batch === undefined) return problem("There is no batch axis to keep: this is a single number.", { port: "x", expected: "[batch, …]" });
    const sizes = rest.filter((dim) => typeof dim === "number");
    if (sizes.length < rest.length)
      return problem("An axis has no fixed size, so it cannot be laid out anew.", {
        port: "x",
        expected: "numbers after the batch axis",
        received: formatShape(x.shape),
      });
    const total = product(sizes);
    const open = shape.filter((size) => size === -1).length;
    const known = product(shape.filter((size) => size !== -1));
    const whole = { label: "Use one axis", kind: "set", params: { shape: [-1] } } as const;
    if (open > 1) return problem("Only one size may be −1.", { expected: "one −1 at most", received: formatShape(shape), mend: whole });
    if (shape.includes(0))
      return problem("A size of 0 holds nothing.", { expected: "sizes from 1, or −1", received: formatShape(shape), mend: whole });
    if (open === 1 ? total % known !== 0 : total !== known)
      return problem(`${total} numbers do not fit the shape ${formatShape(shape)}.`, {
        port: "x",
        expected: open === 1 ? `a multiple of ${known}` : `${known} numbers`,
        received: `${total} numbers ${formatShape(x.shape)}`,
        mend: whole,
      });
    return { y: f32(batch as Dim, ...shape.map((size) => (size === -1 ? total / known : size))) };
  },
  apply({ x }, _w, { shape }) {
    const batch = x.shape[0] as number;
    const known = product(shape.filter((size) => size !== -1));
    const total = product(x.shape.slice(1));
    return { y: tf.reshape(x, [batch, ...shape.map((size) => (size === -1 ? total / known : size))]) };
  },
  summary: ({ shape }) => shape.map((size) => (size === -1 ? "…" : size)).join(" × ") || "number",
  explain: { summary: "Lays the same numbers out under other sizes." },
  examples: [
    { params: { shape: [2, 3, 1] }, inputs: { x: f32("batch", 6) } },
    { params: { shape: [-1, 2] }, inputs: { x: f32("batch", 3, 4) } },
    { params: { shape: [] }, inputs: { x: f32("batch", 1) } },
  ],
});
