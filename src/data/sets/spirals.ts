import { pointSet } from "./points.ts";

/** Archimedean arms: radius grows evenly with the angle, up to 2 after one and a half turns; the square root spreads points evenly along the arm. */
export const spirals = pointSet({
  name: "spirals",
  title: "Two spirals",
  about: "Two intertwined spiral arms of one and a half turns in the plane with Gaussian noise of deviation 0.05.",
  classes: ["first arm", "second arm"],
  train: 2000,
  test: 500,
  draw(label, random) {
    const along = Math.sqrt(random.uniform());
    const angle = 3 * Math.PI * along + Math.PI * label;
    return [2 * along * Math.cos(angle) + 0.05 * random.normal(), 2 * along * Math.sin(angle) + 0.05 * random.normal()];
  },
});
