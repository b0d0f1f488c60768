import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { held } from "../held.ts";
import { real } from "../params.ts";
import { boxNumbers, gridLayout } from "./boxes.ts";
import { gridPorts, gridProblem } from "./grids.ts";

/**
 * YOLO's loss (Redmon et al., 2016, equation 3; book 10.5.2): squared errors of the centre and the roots of the extent of the one box of a cell that is
 * responsible for its object, of all confidences, and of the classes. Summed over cells, averaged over the batch.
 */
export const yoloLoss = defineLayer({
  type: "loss.yolo",
  title: "YOLO loss",
  family: "loss",
  book: "10.5.2",
  aliases: ["object detection", "bounding boxes", "you only look once"],
  role: "loss",
  params: z.object({
    coordinates: real({ min: 0, default: 5, help: "Weight of errors in place and extent." }),
    nothing: real({ min: 0, default: 0.5, help: "Weight of confidence where there is no object: most cells have none." }),
  }),
  inputs: gridPorts,
  outputs: ["loss"],
  infer: ({ x, target }) => gridProblem(x, target) ?? { loss: f32() },
  apply({ x, target }, _w, { coordinates, nothing }) {
    const { classes, boxes } = gridLayout(x.shape[3] as number, target.shape[3] as number) ?? { classes: 1, boxes: 1 };
    const [batch, rows, columns] = x.shape as [number, number, number];
    const predicted = tf.reshape(tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, boxes * boxNumbers]), [-1, boxes, boxNumbers]);
    const scores = tf.reshape(tf.slice(x, [0, 0, 0, boxes * boxNumbers], [-1, -1, -1, classes]), [-1, classes]);
    const truth = tf.reshape(target, [-1, 1, boxNumbers + classes]);
    const object = tf.cast(tf.greater(tf.slice(truth, [0, 0, 4], [-1, -1, 1]), 0.5), "float32");
    const [centre, roots] = [tf.slice(predicted, [0, 0, 0], [-1, -1, 2]), tf.slice(predicted, [0, 0, 2], [-1, -1, 2])];
    const confidence = tf.squeeze(tf.slice(predicted, [0, 0, 4], [-1, -1, 1]), [2]);
    const [trueCentre, extent] = [tf.slice(truth, [0, 0, 0], [-1, -1, 2]), tf.relu(tf.slice(truth, [0, 0, 2], [-1, -1, 2]))];
    const trueRoots = tf.sqrt(extent);
    const off = tf.sum(tf.add(tf.square(tf.sub(centre, trueCentre)), tf.square(tf.sub(roots, trueRoots))), 2);
    const cells = tf.tensor1d([columns, rows]);
    // What the paper computes from the present prediction and then holds fixed: which box is responsible, and its overlap with the object.
    const choose = (boxes: tf.Tensor): tf.Tensor => {
      const extentOf = tf.square(tf.slice(boxes, [0, 0, 2], [-1, -1, 2]));
      const overlaps = overlap(tf.div(tf.slice(boxes, [0, 0, 0], [-1, -1, 2]), cells), extentOf, tf.div(trueCentre, cells), extent);
      const rank = tf.where(tf.greater(overlaps, 0), overlaps, tf.neg(off));
      const chosen = tf.equal(tf.expandDims(tf.argMax(rank, 1), 1), tf.range(0, boxes.shape[1] as number, 1, "int32"));
      const responsible = tf.mul(tf.cast(chosen, "float32"), tf.squeeze(object, [2]));
      return tf.stack([responsible, tf.mul(responsible, overlaps)]);
    };
    const [responsible, shared] = tf.unstack(held(choose, predicted)) as [tf.Tensor, tf.Tensor];
    const place = tf.sum(tf.mul(responsible, off));
    const sure = tf.square(tf.sub(confidence, shared));
    const weights = tf.add(tf.mul(responsible, 1 - nothing), nothing);
    const trueClasses = tf.reshape(tf.slice(truth, [0, 0, boxNumbers], [-1, -1, classes]), [-1, classes]);
    const kind = tf.sum(tf.mul(tf.square(tf.sub(scores, trueClasses)), tf.reshape(object, [-1, 1])));
    return { loss: tf.div(tf.add(tf.add(tf.mul(place, coordinates), tf.sum(tf.mul(weights, sure))), kind), batch) };
  },
  cost: ({ x }) => elementsPerExample(x.shape),
  // Overlaps are held fixed on the way back, so finite differences give something else; its own test holds them fixed too.
  differentiable: false,
  summary: ({ coordinates, nothing }) => `${coordinates} · ${nothing}`,
  explain: {
    summary: "Squared errors of place, extent, confidence and class for boxes on a grid.",
    equation:
      "L = \\lambda_{c}\\sum_{i,j} \\mathbb{1}^{obj}_{ij}\\big\\|(x, y, \\sqrt{w}, \\sqrt{h})_{ij} - (\\hat{x}, \\hat{y}, \\sqrt{\\hat{w}}, \\sqrt{\\hat{h}})_i\\big\\|^2 + \\sum_{i,j} \\lambda_{ij} (C_{ij} - \\hat{C}_{ij})^2 + \\sum_i \\mathbb{1}^{obj}_{i} \\sum_c (p_{ic} - \\hat{p}_{ic})^2",
  },
  examples: [
    { inputs: { x: f32("batch", 2, 3, 12), target: f32("batch", 2, 3, 7) } },
    { params: { coordinates: 1, nothing: 1 }, inputs: { x: f32("batch", 2, 2, 6), target: f32("batch", 2, 2, 6) } },
  ],
});

/** Intersection over union of boxes `[cells, boxes, 2]` by centre and extent with one true box a cell: `[cells, boxes]`. */
function overlap(centre: tf.Tensor, extent: tf.Tensor, trueCentre: tf.Tensor, trueExtent: tf.Tensor): tf.Tensor {
  const edge = (at: tf.Tensor, size: tf.Tensor, side: number) => tf.add(at, tf.mul(size, side));
  const low = tf.maximum(edge(centre, extent, -0.5), edge(trueCentre, trueExtent, -0.5));
  const high = tf.minimum(edge(centre, extent, 0.5), edge(trueCentre, trueExtent, 0.5));
  const shared = area(tf.relu(tf.sub(high, low)));
  const union = tf.sub(tf.add(area(extent), area(trueExtent)), shared);
  return tf.div(shared, tf.maximum(union, 1e-9));
}

/** Width times height of `[…, 2]`. A product over the axis would have a gradient that divides by zero. */
function area(extent: tf.Tensor): tf.Tensor {
  const [width, height] = tf.split(extent, 2, -1) as [tf.Tensor, tf.Tensor];
  return tf.squeeze(tf.mul(width, height), [-1]);
}
