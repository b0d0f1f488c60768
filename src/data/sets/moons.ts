import { pointSet } from "./points.ts";

/** Two half circles of radius 1 that reach into each other, centred on the origin. */
export const moons = pointSet({
  name: "moons",
  title: "Two moons",
  about: "Two interleaved half circles in the plane with Gaussian noise of deviation 0.1.",
  classes: ["upper", "lower"],
  train: 2000,
  test: 500,
  draw(label, random) {
    const angle = Math.PI * random.uniform();
    const side = label === 0 ? 1 : -1;
    return [side * (Math.cos(angle) - 0.5) + 0.1 * random.normal(), side * (Math.sin(angle) - 0.25) + 0.1 * random.normal()];
  },
});
