import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/** Draws points of the plane, coloured by class where labels are wired. */
export const previewScatter = defineLayer({
  type: "preview.scatter",
  title: "Scatter",
  family: "preview",
  book: "15.1",
  aliases: ["points", "plot", "latent space", "2d"],
  role: "preview",
  preview: { kind: "scatter", examples: 512 },
  params: z.object({}),
  inputs: {
    x: { dtype: "float32", rank: 2, help: "Points [batch, 2]; of more dimensions, the first two are drawn." },
    label: { dtype: "int32", rank: 1, optional: true, help: "The class of each point." },
  },
  outputs: [],
  infer({ x }) {
    const size = x.shape[1];
    if (typeof size === "number" && size >= 2) return {};
    return problem("A point needs two coordinates.", { port: "x", expected: "[batch, 2] or more", received: formatShape(x.shape) });
  },
  explain: { summary: "Draws points of the plane, coloured by class." },
  examples: [{ inputs: { x: f32("batch", 2), label: { shape: ["batch"], dtype: "int32" } } }, { inputs: { x: f32("batch", 2) } }],
});
