import type { PreviewKind } from "../../src/layers/contract.ts";
import type { PreviewFrame } from "../../src/training/types.ts";
import { drawDensity } from "./density.ts";
import { drawImages, drawScatter, drawSignals } from "./draw.ts";
import { drawBoxes, drawKeypoints, drawMasks, masksPanels, scenesHeight } from "./draw-scenes.ts";
import { drawGraph, graphOf } from "./graph.ts";
import { drawMatrices, matricesHeight } from "./matrices.ts";

type Ports = PreviewFrame["ports"];

/** How a kind of preview is drawn, and how high, in CSS pixels, for a given width. */
interface Drawing {
  draw(context: CanvasRenderingContext2D, ports: Ports, width: number, height: number): void;
  height(ports: Ports, width: number): number;
}

/** A drawing for every kind: one without does not compile. */
export const previewKinds: Readonly<Record<PreviewKind, Drawing>> = {
  images: {
    draw: (context, { x }, width, height) => drawImages(context, x.values, x.shape, width, height),
    height({ x }, width) {
      const [count = 1, rows = 1, columns = 1] = x.shape;
      const across = Math.ceil(Math.sqrt(count * (rows / columns)));
      return Math.round(Math.min(1.2 * width, (width / across) * (rows / columns) * Math.ceil(count / across)));
    },
  },
  scatter: {
    draw: (context, { x, label }, width, height) => drawScatter(context, x.values, x.shape, label?.values, width, height),
    height: (_, width) => width,
  },
  density: {
    draw: (context, { x, other }, width, height) => drawDensity(context, x.values, other?.values, width, height),
    height: (_, width) => Math.round(0.6 * width),
  },
  curve: {
    draw: (context, { x }, width, height) => drawSignals(context, x.values, x.shape, width, height),
    height: ({ x }) => 22 * Math.min(8, x.shape[0] ?? 1) + 20,
  },
  matrix: {
    draw: (context, { x }, width, height) => drawMatrices(context, x.values, x.shape, width, height),
    height: ({ x }, width) => matricesHeight(x.shape, width),
  },
  heatmap: {
    draw(context, { x }, width, height) {
      const side = Math.round(Math.sqrt(x.values.length));
      drawMatrices(context, x.values, [side, side], width, height);
    },
    height: (_, width) => width,
  },
  graph: {
    draw: (context, ports, width, height) => drawGraph(context, graphOf(ports), width, height),
    height: (_, width) => width,
  },
  boxes: {
    draw: (context, { x, boxes, target }, width, height) => target && drawBoxes(context, x, boxes, target, width, height),
    height: ({ x }, width) => scenesHeight(x, width),
  },
  masks: {
    draw: (context, { x, scores, label }, width, height) => scores && drawMasks(context, x, scores, label, width, height),
    height: ({ x, label }, width) => scenesHeight(x, width, masksPanels(label)),
  },
  keypoints: {
    draw: (context, { x, heat, target }, width, height) => heat && drawKeypoints(context, x, heat, target, width, height),
    height: ({ x }, width) => scenesHeight(x, width),
  },
};
