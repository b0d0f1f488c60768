import { z } from "zod";
import { f32, i32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice, int, ints } from "../params.ts";

/** A place where numbers come in from outside: a model to be counted or exported rather than trained on a data set. */
export const input = defineLayer({
  type: "input",
  title: "Input",
  family: "data",
  book: "10.2",
  aliases: ["placeholder", "source"],
  role: "source",
  params: z.object({
    shape: ints({ min: 1, default: [28, 28, 1], help: "Sizes of one example, without the batch axis; empty for a single number." }),
    dtype: choice(["float32", "int32"], { title: "Element type", help: "Real numbers, or whole numbers such as tokens and labels." }),
    classes: int({ min: 0, max: 10_000_000, default: 0, help: "For whole numbers: how many values there are; 0 if unknown." }),
  }),
  inputs: {},
  outputs: ["x"],
  infer: (_x, { shape, dtype, classes }) => ({
    x: dtype === "float32" ? f32("batch", ...shape) : i32(["batch", ...shape], classes > 0 ? classes : undefined),
  }),
  summary: ({ shape, dtype }) => `${shape.join(" × ") || "number"}${dtype === "int32" ? " · int32" : ""}`,
  explain: { summary: "Where examples come in from outside, one at a time or as a batch." },
  examples: [{ inputs: {} }, { params: { shape: [16], dtype: "int32", classes: 50 }, inputs: {} }],
});
