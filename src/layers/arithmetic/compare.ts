import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { held } from "../held.ts";
import { choice } from "../params.ts";
import { elementwise } from "./broadcast.ts";

const signs = { greater: ">", "greater-equal": "≥", less: "<", "less-equal": "≤", equal: "=", "not-equal": "≠" } as const;
type Relation = keyof typeof signs;
const relations = () =>
  ({
    greater: tf.greater,
    "greater-equal": tf.greaterEqual,
    less: tf.less,
    "less-equal": tf.lessEqual,
    equal: tf.equal,
    "not-equal": tf.notEqual,
  }) as const satisfies Record<Relation, object>;

/** 1 where a relation between a and b holds, 0 where it does not, element by element. No gradient passes. */
export const compare = defineLayer({
  type: "compare",
  title: "Compare",
  family: "arithmetic",
  book: "10.6",
  aliases: ["greater", "less", "equal", "threshold", "mask"],
  params: z.object({ relation: choice(Object.keys(signs) as [Relation, ...Relation[]], { help: "Which is asked for." }) }),
  inputs: {
    a: { help: "Any tensor." },
    b: { help: "A tensor of the same shape, or with sizes of 1 where it is to be repeated." },
  },
  outputs: ["y"],
  infer: ({ a, b }) => elementwise({ a, b }, "compared"),
  apply: ({ a, b }, _w, { relation }) => ({
    y: held((given) => tf.cast(relations()[relation](given, tf.cast(b, "float32")), "float32"), tf.cast(a, "float32")),
  }),
  summary: ({ relation }) => `a ${signs[relation]} b`,
  differentiable: false,
  explain: {
    summary: "Says where one tensor is greater than, less than or equal to another.",
    equation: "\\mathbf{y} = [\\mathbf{a} > \\mathbf{b}]",
  },
  examples: [
    { inputs: { a: f32("batch", 3), b: f32("batch", 3) } },
    {
      params: { relation: "equal" },
      inputs: { a: { shape: ["batch", 3], dtype: "int32", classes: 2 }, b: { shape: ["batch", 1], dtype: "int32", classes: 2 } },
    },
  ],
});
