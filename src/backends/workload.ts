import * as tf from "@tensorflow/tfjs-core";
// Without it tfjs-core knows no gradients.
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";

/** A small convolutional network, trained for a moment to see how quick a backend is. */
export interface Workload {
  readonly batch: number;
  /** Height and width of the images. */
  readonly size: number;
  /** Of the first convolution; the second has twice as many. */
  readonly channels: number;
  /** Of a forward pass of the batch. */
  readonly multiplyAdds: number;
}

export interface Timing {
  /** Of one training step: forward, backward, update, loss read back. */
  readonly milliseconds: number;
  readonly multiplyAdds: number;
}

const classes = 10;
/** Timed steps, and the milliseconds after which no further one begins. */
const repeats = 5;
const patience = 400;

/** Two convolutions of 3 × 3, each halving the image, and a linear layer. */
function workload(batch: number, size: number, channels: number): Workload {
  const first = (size / 2) ** 2 * 9 * channels;
  const second = (size / 4) ** 2 * 9 * channels * 2 * channels;
  const last = (size / 4) ** 2 * 2 * channels * classes;
  return { batch, size, channels, multiplyAdds: batch * (first + second + last) };
}

/** One in which the cost of starting kernels shows, and one in which their speed does. */
export const workloads = { small: workload(32, 16, 4), large: workload(64, 32, 32) } as const;

/** Median time of a few training steps on the backend in use, after one that makes kernels ready. Leaves no tensor behind. */
export async function timeWorkload(work: Workload): Promise<Timing> {
  const { batch, size, channels, multiplyAdds } = work;
  const side = size / 4;
  const drawn = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 0.1, "float32", seed);
  const weights = [drawn([3, 3, 1, channels], 1), drawn([3, 3, channels, 2 * channels], 2), drawn([side * side * 2 * channels, classes], 3)];
  const x = drawn([batch, size, size, 1], 4) as tf.Tensor4D;
  const labels = tf.tidy(() => {
    const places = Int32Array.from({ length: batch }, (_, i) => i % classes);
    return tf.cast(tf.oneHot(tf.tensor1d(places, "int32"), classes), "float32");
  });
  const loss = (first: tf.Tensor, second: tf.Tensor, last: tf.Tensor): tf.Scalar => {
    const a = tf.relu(tf.conv2d(x, first as tf.Tensor4D, 2, "same"));
    const b = tf.relu(tf.conv2d(a, second as tf.Tensor4D, 2, "same"));
    const logits = tf.matMul(tf.reshape(b, [batch, -1]), last as tf.Tensor2D);
    return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1)));
  };
  const gradients = tf.valueAndGrads(loss);
  const step = async (): Promise<number> => {
    const begun = performance.now();
    const value = tf.tidy(() => {
      const result = gradients(weights);
      for (const [i, weight] of weights.entries()) {
        const moved = tf.keep(tf.sub(weight, tf.mul(result.grads[i] as tf.Tensor, 0.01)));
        weight.dispose();
        weights[i] = moved;
      }
      return result.value;
    });
    await value.data();
    value.dispose();
    return performance.now() - begun;
  };
  try {
    await step();
    const times: number[] = [];
    const begun = performance.now();
    do times.push(await step());
    while (times.length < repeats && performance.now() - begun < patience);
    times.sort((a, b) => a - b);
    return { milliseconds: times[times.length >> 1] as number, multiplyAdds };
  } finally {
    tf.dispose([x, labels, ...weights]);
  }
}
