import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";

/** Draws how numbers are spread over the line: of samples, and of the data beside them. */
export const previewDensity = defineLayer({
  type: "preview.density",
  title: "Density",
  family: "preview",
  book: "15.1",
  aliases: ["histogram", "distribution", "1d", "samples"],
  role: "preview",
  preview: { kind: "density", examples: 2000 },
  params: z.object({}),
  inputs: {
    x: { dtype: "float32", help: "Numbers, of any shape: all of them are counted." },
    other: { dtype: "float32", optional: true, help: "What they are compared with: drawn as an outline on the same scale." },
  },
  outputs: [],
  infer: () => ({}),
  explain: { summary: "Draws how numbers are spread, beside others where they are wired." },
  examples: [{ inputs: { x: f32("batch", 1), other: f32("batch", 1) } }, { inputs: { x: f32("batch") } }],
});
