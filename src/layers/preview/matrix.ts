import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/** Draws a matrix as a heat map: attention weights, a Jacobian, a confusion matrix. */
export const previewMatrix = defineLayer({
  type: "preview.matrix",
  title: "Matrix",
  family: "preview",
  book: "12.3.2",
  aliases: ["heat map", "attention map", "heatmap", "view"],
  role: "preview",
  preview: { kind: "matrix", examples: 1 },
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "[…, rows, columns]; the first example is drawn, with a matrix for each head." } },
  outputs: [],
  infer({ x }) {
    if (x.shape.length >= 2) return {};
    return problem("A heat map needs rows and columns.", { port: "x", expected: "[…, rows, columns]", received: formatShape(x.shape) });
  },
  explain: { summary: "Shows a matrix as a heat map." },
  examples: [{ inputs: { x: f32("batch", 4, 4) } }, { inputs: { x: f32(3, 5) } }],
});
