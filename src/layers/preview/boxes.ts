import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { gridPorts, gridProblem } from "../loss/grids.ts";
import { pictureProblem } from "./pictures.ts";

/** Draws pictures with the boxes that a grid predicts, after non-maximum suppression, and the true ones. */
export const previewBoxes = defineLayer({
  type: "preview.boxes",
  title: "Boxes",
  family: "preview",
  book: "10.5.2",
  aliases: ["object detection", "bounding boxes", "yolo", "view"],
  role: "preview",
  preview: { kind: "boxes", examples: 9 },
  params: z.object({}),
  inputs: {
    x: { rank: 4, dtype: "float32", help: "Images [batch, height, width, 1 or 3 channels]." },
    boxes: { ...gridPorts.x, optional: true },
    target: gridPorts.target,
  },
  outputs: [],
  infer({ x, boxes, target }) {
    const unfit = pictureProblem(x);
    if (unfit) return unfit;
    if (boxes === undefined) return {};
    const wrong = gridProblem(boxes, target);
    return wrong ? { ...wrong, port: wrong.port === "x" ? "boxes" : "target" } : {};
  },
  explain: { summary: "Shows pictures with predicted boxes drawn through and true ones dashed." },
  examples: [
    { inputs: { x: f32("batch", 8, 8, 3), boxes: f32("batch", 2, 2, 13), target: f32("batch", 2, 2, 8) } },
    { inputs: { x: f32("batch", 8, 6, 1), target: f32("batch", 4, 3, 6) } },
  ],
});
