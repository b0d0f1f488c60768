import { z } from "zod";
import { f32, formatShape, i32, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { pictureProblem } from "./pictures.ts";

/** Draws pictures, and over them what class each pixel is taken for, and its true class. */
export const previewMasks = defineLayer({
  type: "preview.masks",
  title: "Masks",
  family: "preview",
  book: "10.5.3",
  aliases: ["segmentation", "overlay", "classes of pixels", "view"],
  role: "preview",
  preview: { kind: "masks", examples: 4 },
  params: z.object({}),
  inputs: {
    x: { rank: 4, dtype: "float32", help: "Images [batch, height, width, 1 or 3 channels]." },
    scores: { rank: 4, dtype: "float32", help: "A score for each class at each pixel: [batch, height, width, classes]; the highest is drawn." },
    label: { rank: 3, dtype: "int32", optional: true, help: "The true class of each pixel: [batch, height, width]." },
  },
  outputs: [],
  infer({ x, scores, label }) {
    const unfit = pictureProblem(x);
    if (unfit) return unfit;
    const pixels = x.shape.slice(0, 3);
    if (!sameShape(scores.shape.slice(0, 3), pixels))
      return problem("There must be scores for each pixel of the picture.", {
        port: "scores",
        expected: formatShape([...pixels, scores.shape[3] ?? "classes"]),
        received: formatShape(scores.shape),
      });
    if (label && !sameShape(label.shape, pixels))
      return problem("There must be a class for each pixel of the picture.", {
        port: "label",
        expected: formatShape(pixels),
        received: formatShape(label.shape),
      });
    return {};
  },
  explain: { summary: "Shows pictures, predicted classes of their pixels, and true ones, side by side." },
  examples: [
    { inputs: { x: f32("batch", 8, 8, 3), scores: f32("batch", 8, 8, 5), label: i32(["batch", 8, 8], 5) } },
    { inputs: { x: f32("batch", 6, 4, 1), scores: f32("batch", 6, 4, 2) } },
  ],
});
