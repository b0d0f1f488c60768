import { readFileSync } from "node:fs";
import { join } from "node:path";

/** scikit-learn's iris.csv with a header of our own and the class in words. */
export function iris(packageFolder) {
  const file = join(packageFolder, "usr/lib/python3/dist-packages/sklearn/datasets/data/iris.csv");
  const [head, ...rows] = readFileSync(file, "ascii").trim().split(/\r?\n/);
  const classes = head.split(",").slice(2);
  if (rows.length !== 150 || classes.length !== 3) throw new Error("iris.csv is not the file that was expected.");
  const lines = rows.map((row) => {
    const cells = row.split(",");
    return [...cells.slice(0, 4), classes[Number(cells[4])]].join(",");
  });
  return Buffer.from(`${["sepal length,sepal width,petal length,petal width,species", ...lines].join("\n")}\n`);
}
