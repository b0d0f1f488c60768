import * as tf from "@tensorflow/tfjs-core";

/**
 * What continues a signal or image beyond its rim along the spatial axes, one after the other: zeros, its mirror image without the rim itself, or
 * the rim again and again. From slices, so that every backend differentiates it.
 * @param rim places before and after, for each axis from 1 on; mirrored ones fewer than the axis has
 */
export function padded(x: tf.Tensor, rim: readonly (readonly [first: number, last: number])[], mode: "zeros" | "reflect" | "replicate"): tf.Tensor {
  if (mode === "zeros") return tf.pad(x, [[0, 0], ...rim.map(([first, last]): [number, number] => [first, last]), [0, 0]]);
  return rim.reduce((y, [first, last], i) => {
    const axis = i + 1;
    const size = y.shape[axis] as number;
    const cut = (from: number, count: number) => {
      const [begin, counts] = [y.shape.map(() => 0), [...y.shape]];
      begin[axis] = from;
      counts[axis] = count;
      return tf.slice(y, begin, counts);
    };
    const repeat = (part: tf.Tensor, times: number) =>
      tf.tile(
        part,
        y.shape.map((_, at) => (at === axis ? times : 1)),
      );
    const outside = (count: number, mirrored: number, end: number): tf.Tensor[] => {
      if (count === 0) return [];
      if (mode !== "reflect") return [repeat(cut(end, 1), count)];
      const part = cut(mirrored, count);
      return [count > 1 ? tf.reverse(part, axis) : part];
    };
    const parts = [...outside(first, 1, 0), y, ...outside(last, size - 1 - last, size - 1)];
    return parts.length > 1 ? tf.concat(parts, axis) : y;
  }, x);
}
