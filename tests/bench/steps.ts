import * as tf from "@tensorflow/tfjs-core";
import { openTemplate, templateIds, trainTemplate } from "../support/templates.ts";
import { median } from "./median.ts";

/** Milliseconds a training step of every template on the WebAssembly backend in Node, and of MNIST-1D written by hand in tfjs. */
export async function benchSteps(): Promise<object[]> {
  const rows: object[] = [];
  for (const id of templateIds) {
    const trainer = await trainTemplate(openTemplate(id));
    for (let i = 0; i < 20; i++) trainer.trainStep();
    await trainer.readLosses();
    const ms = await timeSteps(() => trainer.trainStep());
    rows.push({ template: id, batch: trainer.batch, "ms a step": Number(ms.toFixed(2)), "steps a second": Math.round(1000 / ms) });
    trainer.dispose();
  }
  const byHand = await timeSteps(handWritten());
  rows.push({
    template: "mnist1d-conv by hand in tfjs",
    batch: 100,
    "ms a step": Number(byHand.toFixed(2)),
    "steps a second": Math.round(1000 / byHand),
  });
  return rows;
}

/** Median over five rounds of the mean of a round of at least half a second. */
export async function timeSteps(step: () => void): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    let steps = 0;
    while (performance.now() - start < 500) {
      step();
      steps++;
    }
    rounds.push((performance.now() - start) / steps);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return median(rounds);
}

/** The rival: the same network, loss and update with tfjs's own operations, on one fixed batch. */
function handWritten(): () => void {
  const kernels = [
    [1, 3, 1, 15],
    [1, 3, 15, 15],
    [1, 3, 15, 15],
  ].map((shape) => tf.variable(tf.randomNormal(shape, 0, 0.2)));
  const biases = kernels.map(() => tf.variable(tf.zeros([15])));
  const linear = tf.variable(tf.randomNormal<tf.Rank.R2>([60, 10], 0, 0.2));
  const offset = tf.variable(tf.zeros([10]));
  const x = tf.randomNormal([100, 1, 40, 1]);
  const labels = tf.cast(
    tf.oneHot(
      tf.tensor1d(
        Array.from({ length: 100 }, (_, i) => i % 10),
        "int32",
      ),
      10,
    ),
    "float32",
  );
  const optimiser = tf.train.sgd(0.01);
  const loss = () =>
    tf.tidy(() => {
      let h = x as tf.Tensor4D;
      kernels.forEach((kernel, i) => {
        h = tf.relu(tf.add(tf.conv2d(h, kernel as tf.Tensor4D, [1, 2], "valid"), biases[i] as tf.Variable));
      });
      const logits = tf.add(tf.matMul(tf.reshape<tf.Rank.R2>(h, [100, 60]), linear), offset);
      return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar;
    });
  return () => {
    optimiser.minimize(loss);
  };
}
