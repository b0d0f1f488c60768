import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { expectSame } from "./compare.ts";

it("operations without a kernel of ours are computed by tfjs's JavaScript on the same memory", async () => {
  await expectSame(() => {
    const x = tf.tensor2d([1, -2, 3, 4], [2, 2]);
    return [tf.asinh(x), tf.reshape(x, [4]), tf.cast(x, "int32")];
  });
});

it("what is read back is the reader's own", async () => {
  await tf.setBackend("wasm");
  const x = tf.tensor1d([1, 2]);
  const y = tf.asinh(x);
  const values = y.dataSync();
  expect(values.buffer).not.toBeInstanceOf(SharedArrayBuffer);
  tf.dispose([x, y]);
});
