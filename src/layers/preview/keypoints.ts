import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { jointPorts, jointProblem } from "../loss/joints.ts";
import { pictureProblem } from "./pictures.ts";

/** Draws pictures with the highest point of each heat map, and how far it is from the true joint. */
export const previewKeypoints = defineLayer({
  type: "preview.keypoints",
  title: "Key points",
  family: "preview",
  book: "11.5.3",
  aliases: ["pose estimation", "joints", "heat map", "view"],
  role: "preview",
  preview: { kind: "keypoints", examples: 9 },
  params: z.object({}),
  inputs: {
    x: { rank: 4, dtype: "float32", help: "Images [batch, height, width, 1 or 3 channels]." },
    heat: jointPorts.x,
    target: { ...jointPorts.target, optional: true },
  },
  outputs: [],
  infer({ x, heat, target }) {
    const unfit = pictureProblem(x);
    if (unfit) return unfit;
    if (target === undefined) return {};
    const wrong = jointProblem(heat, target);
    return wrong ? { ...wrong, port: wrong.port === "x" ? "heat" : "target" } : {};
  },
  explain: { summary: "Shows pictures with the peak of each heat map, and a line to the true joint." },
  examples: [
    { inputs: { x: f32("batch", 8, 8, 3), heat: f32("batch", 4, 4, 2), target: f32("batch", 2, 2) } },
    { inputs: { x: f32("batch", 8, 6, 1), heat: f32("batch", 4, 3, 5) } },
  ],
});
