import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/** Draws a function of the plane as a heat map: its values at the points of a square grid, row by row from the top. */
export const previewHeatmap = defineLayer({
  type: "preview.heatmap",
  title: "Heat map",
  family: "preview",
  book: "16.1",
  aliases: ["density", "heatmap", "field", "plane", "grid", "2d"],
  role: "preview",
  preview: { kind: "heatmap", examples: 65_536 },
  params: z.object({}),
  inputs: { x: { dtype: "float32", rank: [1, 2], help: "A value for each point of a Grid: [points²] or [points², 1]." } },
  outputs: [],
  infer({ x }) {
    const [count, ...rest] = x.shape;
    if (typeof count === "number" && Number.isInteger(Math.sqrt(count)) && rest.every((size) => size === 1)) return {};
    return problem("A heat map needs a value at every point of a square grid.", {
      port: "x",
      expected: "as many values as a Grid has points",
      received: formatShape(x.shape),
    });
  },
  explain: { summary: "Draws a function of the plane: brighter where it is larger." },
  examples: [{ inputs: { x: f32(9) } }, { inputs: { x: f32(16, 1) } }],
});
