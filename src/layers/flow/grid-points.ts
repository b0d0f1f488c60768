import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { int, real } from "../params.ts";

/** The points of a square lattice in the plane, the same at every step, row by row from the top left: where a density is asked for, to be drawn as a map. */
export const gridPoints = defineLayer({
  type: "grid",
  title: "Grid",
  family: "data",
  book: "16.1",
  aliases: ["lattice", "density", "heat map", "mesh", "plane", "points"],
  role: "source",
  params: z.object({
    points: int({ min: 2, max: 256, default: 48, help: "Points along each side." }),
    from: real({ default: -3, help: "The left and the lower edge." }),
    to: real({ default: 3, help: "The right and the upper edge." }),
  }),
  inputs: {},
  outputs: ["x"],
  infer: (_x, { points }) => ({ x: f32(points * points, 2) }),
  apply(_x, _w, { points, from, to }) {
    const at = (i: number) => from + ((to - from) * (i + 0.5)) / points;
    const rows = Array.from({ length: points * points }, (_, i) => [at(i % points), at(points - 1 - Math.floor(i / points))]);
    return { x: tf.tensor2d(rows, [points * points, 2]) };
  },
  summary: ({ points, from, to }) => `${points} × ${points} · ${from} to ${to}`,
  explain: { summary: "The points of a square lattice, to draw a function of the plane by." },
  examples: [{ params: { points: 3 }, inputs: {} }],
});
