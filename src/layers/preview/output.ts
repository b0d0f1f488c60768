import { z } from "zod";
import { defineLayer } from "../contract.ts";

/** Marks what the trained net gives: exported models have these as their outputs. */
export const output = defineLayer({
  type: "output",
  title: "Output",
  family: "preview",
  book: "10.2",
  aliases: ["result", "prediction", "export"],
  role: "output",
  params: z.object({}),
  inputs: { x: { help: "Any tensor: what the trained model is to give." } },
  outputs: [],
  infer: () => ({}),
  explain: { summary: "Marks what the trained model gives; exports end here." },
  examples: [{ inputs: { x: { shape: ["batch", 10], dtype: "float32" } } }],
});
