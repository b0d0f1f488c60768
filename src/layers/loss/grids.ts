import { formatShape, sameShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";
import { boxNumbers, gridLayout } from "./boxes.ts";

/** What losses, metrics and drawings of boxes on a grid share. */

export const gridPorts = {
  x: {
    rank: 4,
    dtype: "float32",
    help: "Of each cell: boxes of x, y (in the cell), √width, √height (of the image), confidence; then a score for each class.",
  },
  target: {
    rank: 4,
    dtype: "float32",
    help: "Of each cell: x, y (in the cell), width, height (of the image), 1 if an object's centre is there; then 1 at its class.",
  },
} as const;

/** Why a prediction and a target on a grid do not go together; undefined if they do. */
export function gridProblem(x: TensorType, target: TensorType): LayerProblem | undefined {
  const [predicted, wanted] = [x.shape.at(-1), target.shape.at(-1)];
  if (typeof wanted !== "number" || wanted <= boxNumbers)
    return problem("A target needs five numbers for the box and at least one for classes in each cell.", {
      port: "target",
      expected: "[batch, rows, columns, 5 + classes]",
      received: formatShape(target.shape),
    });
  const cells = target.shape.slice(0, -1);
  if (cells.slice(1).some((dim) => typeof dim !== "number"))
    return problem("A grid needs fixed rows and columns.", {
      port: "target",
      expected: "[batch, rows, columns, 5 + classes]",
      received: formatShape(target.shape),
    });
  const told = { port: "x", expected: formatShape([...cells, `5 · boxes + ${wanted - boxNumbers}`]), received: formatShape(x.shape) };
  if (!sameShape(x.shape.slice(0, -1), cells)) return problem("Prediction and target need the same grid.", told);
  if (typeof predicted !== "number" || gridLayout(predicted, wanted) === undefined) {
    const filters = 2 * boxNumbers + wanted - boxNumbers;
    return problem("A cell's numbers must be five for each box and one for each class.", {
      ...told,
      mend: { label: `Insert a 1 × 1 convolution to ${filters} channels`, kind: "insert", port: "x", type: "conv2d", params: { filters, kernel: 1 } },
    });
  }
  return undefined;
}
