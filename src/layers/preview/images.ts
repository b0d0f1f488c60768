import { z } from "zod";
import { f32, formatShape, type Shape } from "../../tensor/types.ts";
import { defineLayer, type LayerMend, problem } from "../contract.ts";

/** Draws the first examples as a grid of pictures; their classes stand below where labels are wired. */
export const previewImages = defineLayer({
  type: "preview.images",
  title: "Images",
  family: "preview",
  book: "10.3",
  aliases: ["picture", "grid", "samples", "view"],
  role: "preview",
  preview: { kind: "images", examples: 36 },
  params: z.object({}),
  inputs: {
    x: { dtype: "float32", help: "Images [batch, height, width, 1 or 3 channels]." },
    label: { dtype: "int32", rank: 1, optional: true, help: "The class of each image." },
  },
  outputs: [],
  infer({ x }) {
    const channels = x.shape.at(-1);
    if (x.shape.length === 4 && (channels === 1 || channels === 3)) return {};
    const mend = asSquare(x.shape);
    return problem("A picture has height, width, and one channel for grey or three for colour.", {
      port: "x",
      expected: "[batch, height, width, 1 or 3]",
      received: formatShape(x.shape),
      ...(mend && { mend }),
    });
  },
  explain: { summary: "Shows examples as a grid of pictures." },
  examples: [{ inputs: { x: f32("batch", 8, 8, 1), label: { shape: ["batch"], dtype: "int32" } } }, { inputs: { x: f32("batch", 4, 4, 3) } }],
});

/** A vector as long as a square picture has pixels may be laid out as one. */
function asSquare(shape: Shape): LayerMend | undefined {
  const pixels = shape[1];
  if (shape.length !== 2 || typeof pixels !== "number") return undefined;
  for (const channels of [1, 3]) {
    const side = Math.sqrt(pixels / channels);
    if (Number.isInteger(side) && side > 1)
      return {
        label: `Insert a reshape to ${side} × ${side}`,
        kind: "insert",
        port: "x",
        type: "reshape",
        params: { shape: [side, side, channels] },
      };
  }
  return undefined;
}
