import { pointSet } from "./points.ts";

export const rings = pointSet({
  name: "rings",
  title: "Three rings",
  about: "Three circles around the origin, of radius 0.5, 1.25 and 2, with Gaussian noise of deviation 0.1.",
  classes: ["inner", "middle", "outer"],
  train: 2100,
  test: 600,
  draw(label, random) {
    const angle = 2 * Math.PI * random.uniform();
    const radius = 0.5 + 0.75 * label;
    return [radius * Math.cos(angle) + 0.1 * random.normal(), radius * Math.sin(angle) + 0.1 * random.normal()];
  },
});
