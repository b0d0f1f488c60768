import type { DatasetInfo } from "../../tensor/dataset.ts";
import { type Rng, rng } from "../../tensor/random.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { datasetSource } from "../source.ts";
import type { DatasetSource } from "../types.ts";

/** Facts that a cloud of labelled points in the plane is made from. */
interface Points {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly classes: readonly string[];
  readonly train: number;
  readonly test: number;
  /** Draws a point of the class. */
  draw(label: number, random: Rng): readonly [number, number];
}

/** Every class gets the same number of points; classes take turns. Seed 42. */
export function pointSet(points: Points): DatasetSource {
  const classes = points.classes.length;
  const info: DatasetInfo = {
    name: points.name,
    title: points.title,
    about: `${points.about} Generated with seed 42.`,
    ports: {
      x: { ...f32(2), view: "points", names: ["x₁", "x₂"] },
      label: { ...i32([], classes), view: "label", names: points.classes },
    },
    counts: { train: points.train, validation: 0, test: points.test },
  };
  const generate = (split: "train" | "test") => {
    const count = points[split];
    const random = rng(42, points.name, split);
    const x = new Float32Array(2 * count);
    const label = Int32Array.from({ length: count }, (_, i) => i % classes);
    label.forEach((value, i) => {
      x.set(points.draw(value, random), 2 * i);
    });
    return { count, ports: { x, label } };
  };
  return datasetSource(info, () => ({ train: generate("train"), test: generate("test") }));
}
