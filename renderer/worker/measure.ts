import * as tf from "@tensorflow/tfjs-core";

/** Steps that are timed, after one that is not: shaders and kernels are made ready in it. */
const timed = 5;
/** Milliseconds after which a backend is slow enough to know it. */
const patience = 1200;

/**
 * Milliseconds of one training step of a small convolutional net on the backend in use: the median of a few, forward,
 * backward, update, loss read back. The backend must be ready. Leaves no tensor behind.
 */
export async function measureStep(): Promise<number> {
  const weights = {
    conv1: tf.randomNormal([3, 3, 1, 16], 0, 0.2, "float32", 1),
    conv2: tf.randomNormal([3, 3, 16, 16], 0, 0.1, "float32", 2),
    dense: tf.randomNormal([16 * 4 * 4, 10], 0, 0.1, "float32", 3),
  };
  const x = tf.randomNormal([64, 16, 16, 1], 0, 1, "float32", 4) as tf.Tensor4D;
  const labels = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: 64 }, (_, i) => i % 10),
      "int32",
    ),
    10,
  );
  const net = (conv1: tf.Tensor, conv2: tf.Tensor, dense: tf.Tensor): tf.Scalar => {
    const a = tf.relu(tf.conv2d(x, conv1 as tf.Tensor4D, 2, "same"));
    const b = tf.relu(tf.conv2d(a, conv2 as tf.Tensor4D, 2, "same"));
    const logits = tf.matMul(tf.reshape(b, [64, 16 * 4 * 4]), dense as tf.Tensor2D);
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.cast(labels, "float32"), tf.logSoftmax(logits)), -1))) as tf.Scalar;
  };
  const step = async (): Promise<number> => {
    const begun = performance.now();
    const loss = tf.tidy(() => {
      const { value, grads } = tf.valueAndGrads(net)([weights.conv1, weights.conv2, weights.dense]);
      for (const [i, name] of (["conv1", "conv2", "dense"] as const).entries()) tf.sub(weights[name], tf.mul(grads[i] as tf.Tensor, 0.01));
      return value;
    });
    await loss.data();
    loss.dispose();
    return performance.now() - begun;
  };
  try {
    const first = await step();
    if (first > patience) return await step();
    const times: number[] = [];
    for (let i = 0; i < timed && times.reduce((sum, time) => sum + time, 0) < patience; i++) times.push(await step());
    times.sort((a, b) => a - b);
    return times[times.length >> 1] as number;
  } finally {
    tf.dispose([x, labels, ...Object.values(weights)]);
  }
}
