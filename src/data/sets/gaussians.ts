import { pointSet } from "./points.ts";

/** Numbered row by row from the lower left. */
export const gaussians = pointSet({
  name: "gaussians",
  title: "Grid of 25 Gaussians",
  about: "Twenty-five Gaussians of deviation 0.05 on a five by five grid with spacing 1: the usual test for generators that drop modes.",
  classes: Array.from({ length: 25 }, (_, i) => `row ${Math.floor(i / 5) + 1}, column ${(i % 5) + 1}`),
  train: 5000,
  test: 1000,
  draw: (label, random) => [(label % 5) - 2 + 0.05 * random.normal(), Math.floor(label / 5) - 2 + 0.05 * random.normal()],
});
