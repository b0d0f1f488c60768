import type { DatasetInfo } from "../../tensor/dataset.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { select } from "../select.ts";
import { datasetSource } from "../source.ts";
import { stratifiedSplit } from "../stratify.ts";

const species = ["setosa", "versicolor", "virginica"];

const info: DatasetInfo = {
  name: "iris",
  title: "Iris",
  about: "150 irises of three species, four lengths each in centimetres (Fisher, 1936), as scikit-learn ships them; BSD-3-Clause and CC BY 4.0.",
  ports: {
    x: { ...f32(4), view: "table", names: ["sepal length", "sepal width", "petal length", "petal width"] },
    label: { ...i32([], 3), view: "label", names: species },
  },
  counts: { train: 120, validation: 0, test: 30 },
};

export const iris = datasetSource(info, async (reader) => {
  const rows = new TextDecoder()
    .decode(await reader.bundled("iris.csv"))
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
  const x = Float32Array.from(rows.flatMap((cells) => cells.slice(0, 4).map(Number)));
  const label = Int32Array.from(rows, (cells) => species.indexOf(cells[4] ?? ""));
  const all = { count: rows.length, ports: { x, label } };
  const { train, test } = stratifiedSplit(label, info.counts.test, 42, info.name);
  return { train: select(all, train), test: select(all, test) };
});
