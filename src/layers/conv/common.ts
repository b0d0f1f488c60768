import * as tf from "@tensorflow/tfjs-core";
import { f32, type Shape, type TensorType } from "../../tensor/types.ts";
import { isProblem, type LayerProblem, problem } from "../contract.ts";
import { choice, extent, flag, int, perAxis } from "../params.ts";
import { type Sliding, slide } from "../window.ts";

/** Parameters and steps that the convolutions share. */

export const filtersParam = int({ help: "Number of output channels, each with a kernel of its own.", default: 32, max: 65_536 });
export const biasParam = flag({ default: true, help: "Add a learned offset to each output channel." });
export const initParam = choice(["he-normal", "glorot-uniform", "lecun-normal", "orthogonal", "zeros"], {
  title: "Initialiser",
  help: "How the weights start: He suits ReLU, Glorot the rest.",
});
/** The window of a 2D convolution. */
export const kernel2d = extent({ axes: 2, max: 1000, default: 3, help: "Height and width of each kernel." });
export const stride2d = extent({ axes: 2, max: 1000, default: 1, help: "Positions the kernel moves at a time; 2 halves the size." });
export const dilation2d = extent({ axes: 2, max: 1000, default: 1, help: "Distance between the kernel's taps; 2 leaves one gap between them." });
/** Reads an `extent` of two axes. */
export const pair = (value: number | readonly number[]) => perAxis(value, 2) as [number, number];

export const groupsParam = int({
  default: 1,
  max: 65_536,
  help: "Split the channels into this many groups that do not see each other.",
});

/** The number of channels, the last axis, or why there is none. */
export function channelsOf(shape: Shape): number | LayerProblem {
  const channels = shape.at(-1);
  if (typeof channels === "number") return channels;
  return problem("The channel axis has no fixed size, so the kernels cannot have one.", { port: "x", expected: "a number of channels" });
}

/** What a grouped convolution gives: `[batch, …, in] → [batch, …′, filters]`, or why it cannot be. */
export function convolved(
  { shape }: TensorType,
  { filters, groups }: { readonly filters: number; readonly groups: number },
  window: Omit<Sliding, "called">,
): { y: TensorType } | LayerProblem {
  const channels = channelsOf(shape);
  if (typeof channels !== "number") return channels;
  const wrong = groupProblem(channels, filters, groups);
  if (wrong) return wrong;
  const sizes = slide(shape, { ...window, called: "kernel" });
  return isProblem(sizes) ? sizes : { y: f32(shape[0] ?? "batch", ...sizes, filters) };
}

/** The largest number of groups up to `wanted` that divides both counts. */
function nearestGroups(wanted: number, channels: number, filters: number): number {
  for (let groups = Math.min(wanted, channels, filters); groups > 1; groups--) if (channels % groups === 0 && filters % groups === 0) return groups;
  return 1;
}

/** Groups must divide both the channels that come and the filters that go. */
function groupProblem(channels: number, filters: number, groups: number): LayerProblem | undefined {
  if (channels % groups === 0 && filters % groups === 0) return undefined;
  const fitting = nearestGroups(groups, channels, filters);
  return problem(`${groups} groups do not divide ${channels % groups === 0 ? `${filters} filters` : `${channels} input channels`} evenly.`, {
    port: "x",
    expected: `a divisor of ${channels} and ${filters}`,
    received: `${groups}`,
    mend: { label: fitting === 1 ? "Use one group" : `Use ${fitting} groups`, kind: "set", params: { groups: fitting } },
  });
}

/**
 * A kernel with zeros between its taps: `[kh, kw, a, b] → [(kh−1)·dh+1, (kw−1)·dw+1, a, b]`. tfjs refuses gradients of
 * dilated convolutions; a plain convolution with the spread kernel is the same function and has them.
 */
export function spread(kernel: tf.Tensor4D, [dh = 1, dw = 1]: readonly number[]): tf.Tensor4D {
  const [kh, kw, a, b] = kernel.shape;
  if ((dh === 1 || kh === 1) && (dw === 1 || kw === 1)) return kernel;
  // Each step widens [before, taps, after] to [before, taps · d, after] and cuts the zeros that follow the last tap.
  const along = (x: tf.Tensor, before: number, taps: number, after: number, d: number): tf.Tensor => {
    if (d === 1 || taps === 1) return x;
    const wide = tf.pad(tf.reshape(x, [before * taps, 1, after]), [
      [0, 0],
      [0, d - 1],
      [0, 0],
    ]);
    return tf.slice(tf.reshape(wide, [before, taps * d, after]), [0, 0, 0], [before, (taps - 1) * d + 1, after]);
  };
  const tall = along(kernel, 1, kh, kw * a * b, dh);
  const height = (kh - 1) * dh + 1;
  return tf.reshape(along(tall, height, kw, a * b, dw), [height, (kw - 1) * dw + 1, a, b]);
}

export interface Convolving {
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: "same" | "valid";
  readonly groups: number;
}

/**
 * Cross-correlation as the field means it by "convolution": x `[batch, h, w, in]`, kernel `[kh, kw, in / groups, filters]`.
 * The caller's tidy owns the result.
 */
export function convolve(x: tf.Tensor4D, kernel: tf.Tensor4D, bias: tf.Tensor | undefined, at: Convolving): tf.Tensor4D {
  const filter = spread(kernel, at.dilation);
  const strides: [number, number] = [at.stride[0], at.stride[1]];
  if (at.groups === 1) {
    if (bias) return tf.fused.conv2d({ x, filter, bias: bias as tf.Tensor1D, strides, pad: at.padding });
    return tf.conv2d(x, filter, strides, at.padding);
  }
  const parts = tf.split(x, at.groups, 3);
  const kernels = tf.split(filter, at.groups, 3);
  const joined: tf.Tensor4D = tf.concat(
    parts.map((part, i) => tf.conv2d(part as tf.Tensor4D, kernels[i] as tf.Tensor4D, strides, at.padding)),
    3,
  );
  return bias ? tf.add(joined, bias) : joined;
}
