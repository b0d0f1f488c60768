import { formatShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";

/** Why a tensor of four axes cannot be drawn as pictures; undefined if it can. */
export function pictureProblem(x: TensorType): LayerProblem | undefined {
  const channels = x.shape[3];
  if (channels === 1 || channels === 3) return undefined;
  return problem("A picture has one channel for grey or three for colour.", {
    port: "x",
    expected: "[batch, height, width, 1 or 3]",
    received: formatShape(x.shape),
  });
}
