import type { DatasetInfo } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { datasetSource } from "../source.ts";

const info: DatasetInfo = {
  name: "peaks",
  title: "Two peaks on a line",
  about: "Numbers from a mixture of two normal distributions, −1.5 ± 0.5 (three in five) and 1.5 ± 0.4. Generated with seed 42.",
  ports: { x: { ...f32(1), names: ["x"] }, label: { ...i32([], 2), view: "label", names: ["left", "right"] } },
  counts: { train: 2000, validation: 0, test: 1000 },
};

function generate(split: "train" | "test") {
  const count = info.counts[split];
  const random = rng(42, info.name, split);
  const label = Int32Array.from({ length: count }, (_, i) => (i % 5 < 3 ? 0 : 1));
  const x = Float32Array.from(label, (peak) => (peak === 0 ? -1.5 + 0.5 * random.normal() : 1.5 + 0.4 * random.normal()));
  return { count, ports: { x, label } };
}

/** The least data whose density is worth a picture: what a generator or a flow on the line is shown with. */
export const peaks = datasetSource(info, () => ({ train: generate("train"), test: generate("test") }));
