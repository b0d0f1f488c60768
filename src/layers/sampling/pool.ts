import * as tf from "@tensorflow/tfjs-core";
import { type Dim, f32, type Shape, type TensorType } from "../../tensor/types.ts";
import { isProblem, type LayerProblem, problem } from "../contract.ts";
import { extent, formatExtent, perAxis } from "../params.ts";
import { paddingParam, slide, windowSummary, windows } from "../window.ts";

/** What max and average pooling share. Rank 3 `[batch, length, channels]` and rank 4 `[batch, height, width, channels]` alike. */

export const poolParams = {
  size: extent({ axes: 2, max: 1000, default: 2, help: "Extent of the window; one number for every axis, or height and width." }),
  stride: extent({ axes: 2, max: 1000, default: 2, help: "Positions the window moves at a time; equal to the size, windows do not overlap." }),
  padding: paddingParam("valid"),
};

export interface PoolParams {
  readonly size: number | number[];
  readonly stride: number | number[];
  readonly padding: "same" | "valid";
}

/** The window's sizes along the spatial axes that `shape` has. */
const axes = (value: number | readonly number[], shape: Shape) => perAxis(value, 2).slice(0, shape.length - 2);

export function inferPool(x: TensorType, p: PoolParams): { y: TensorType } | LayerProblem {
  const listed = typeof p.size !== "number" || typeof p.stride !== "number";
  if (x.shape.length === 3 && listed)
    return problem("A signal has one spatial axis, but the window is given for two.", {
      port: "x",
      expected: "one number for size and stride",
      received: `size ${formatExtent(p.size)}, stride ${formatExtent(p.stride)}`,
      mend: { label: "Use one number", kind: "set", params: { size: perAxis(p.size, 2)[0], stride: perAxis(p.stride, 2)[0] } },
    });
  const sizes = slide(x.shape, { size: axes(p.size, x.shape), stride: axes(p.stride, x.shape), padding: p.padding, called: "window" });
  if (isProblem(sizes)) return sizes;
  return { y: f32(x.shape[0] as Dim, ...sizes, x.shape.at(-1) as Dim) };
}

export const poolWindows = (p: PoolParams, x: TensorType) => windows(axes(p.size, x.shape), axes(p.stride, x.shape));

export const poolSummary = (p: PoolParams) => {
  const plain = formatExtent(p.size) === formatExtent(p.stride);
  return `${formatExtent(p.size)}${windowSummary(plain ? 1 : p.stride, 1, p.padding, "valid")}`;
};

type Pooling = (x: tf.Tensor4D, size: [number, number], stride: [number, number], padding: "same" | "valid") => tf.Tensor;

/** Pools a signal as an image of height 1. */
export function applyPool(x: tf.Tensor, p: PoolParams, pool: Pooling): tf.Tensor {
  if (x.rank === 4) return pool(x as tf.Tensor4D, perAxis(p.size, 2) as [number, number], perAxis(p.stride, 2) as [number, number], p.padding);
  const [batch, length, channels] = x.shape as [number, number, number];
  const size = perAxis(p.size, 1)[0] as number;
  const stride = perAxis(p.stride, 1)[0] as number;
  const y = pool(tf.reshape(x, [batch, 1, length, channels]), [1, size], [1, stride], p.padding);
  return tf.reshape(y, [batch, y.shape[2] as number, channels]);
}
