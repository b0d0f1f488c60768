import "../../src/tensor/gradients.ts";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { record, sameRecording, type Use } from "../../src/compiler/recording.ts";
import { createReplay } from "../../src/compiler/replay.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

let before = { tensors: 0, data: 0 };
const held = () => ({ tensors: tf.memory().numTensors, data: tf.backend().numDataIds() });
beforeEach(() => {
  before = held();
});
afterEach(() => {
  expect(held(), "tensors or data left behind").toEqual(before);
});

/** Records f at x, and gives what is needed to repeat it at other places. */
function recordAt(x: readonly number[], f: (x: tf.Tensor) => tf.Tensor[]) {
  const { result, recording } = record(({ declare }) => {
    const input = tf.tensor1d([...x]);
    const use = declare(input);
    const outputs = tf.tidy(() => f(input));
    input.dispose();
    return { use, outputs };
  });
  const uses = result.outputs.map((tensor) => recording.find(tensor) as Use);
  tf.dispose(result.outputs);
  return { recording, input: result.use, uses };
}

const gradientOfSquaredTanh = (x: tf.Tensor) => {
  const { grads } = tf.engine().gradients(() => tf.sum(tf.square(tf.tanh(tf.reshape(tf.mul(x, 2), [2, 2])))), [x]);
  return [grads[0] as tf.Tensor];
};

describe("a replay", () => {
  it("gives, for other inputs, what the operations themselves give, gradients included", () => {
    const { recording, input, uses } = recordAt([1, 2, 3, 4], gradientOfSquaredTanh);
    const replay = createReplay(recording, uses, new Set([input.value]));
    recording.dispose();
    for (const values of [
      [0.1, -0.2, 0.3, 0],
      [1, 2, 3, 4],
    ]) {
      const data = tf.backend().write(Float32Array.from(values), [4], "float32");
      const [repeated] = replay.run(new Map([[input.value, data]]));
      const written = tf.tidy(() => gradientOfSquaredTanh(tf.tensor1d(values)))[0];
      expect(repeated?.dataSync()).toEqual(written?.dataSync());
      written?.dispose();
      repeated?.dispose();
    }
    replay.dispose();
  });

  it("leaves out what no output needs, copies and reshapes, and makes constants once", () => {
    const { recording, uses } = recordAt([1, 2], (x) => {
      tf.exp(x);
      const constant = tf.sqrt(tf.add(tf.ones([2]), tf.ones([2])));
      return [tf.mul(tf.reshape(tf.clone(x), [1, 2]), constant)];
    });
    expect(recording.calls.map(({ name }) => name)).toEqual(["Exp", "Add", "Sqrt", "Multiply"]);
    const calls: string[] = [];
    for (const call of recording.calls) {
      const { kernel } = call;
      Object.assign(call, {
        kernel(params: Parameters<typeof kernel>[0]) {
          calls.push(call.name);
          return kernel(params);
        },
      });
    }
    const replay = createReplay(recording, uses, new Set());
    expect(calls).toEqual(["Add", "Sqrt"]);
    recording.dispose();
    const x = tf.tensor1d([3, 4]);
    const [y] = replay.run(new Map([[0, x.dataId]]));
    expect(calls).toEqual(["Add", "Sqrt", "Multiply"]);
    expect(y?.shape).toEqual([1, 2]);
    expect(y?.dataSync()[1]).toBeCloseTo(4 * Math.SQRT2, 5);
    tf.dispose([x, y as tf.Tensor]);
    replay.dispose();
  });

  it("gives each output a tensor of its own, even where they share data with each other or with an input", () => {
    const { recording, uses } = recordAt([1, 2], (x) => {
      const y = tf.square(x);
      return [y, tf.reshape(y, [2, 1]), tf.clone(x)];
    });
    const replay = createReplay(recording, uses, new Set());
    recording.dispose();
    const x = tf.tensor1d([3, 4]);
    const [a, b, c] = replay.run(new Map([[0, x.dataId]])) as [tf.Tensor, tf.Tensor, tf.Tensor];
    a.dispose();
    expect([...b.dataSync()]).toEqual([9, 16]);
    c.dispose();
    expect([...x.dataSync()]).toEqual([3, 4]);
    tf.dispose([b, x]);
    replay.dispose();
  });

  it("frees everything when a kernel throws", () => {
    const { recording, input, uses } = recordAt([1, 2], (x) => [tf.sin(tf.cos(x))]);
    const last = recording.calls.at(-1);
    Object.assign(last ?? {}, {
      kernel: () => {
        throw new Error("lost");
      },
    });
    const replay = createReplay(recording, uses, new Set([input.value]));
    recording.dispose();
    const data = tf.backend().write(Float32Array.of(1, 2), [2], "float32");
    expect(() => replay.run(new Map([[input.value, data]]))).toThrow("lost");
    replay.dispose();
  });
});

describe("two recordings", () => {
  const compare = (f: (x: tf.Tensor) => tf.Tensor[], g: (x: tf.Tensor) => tf.Tensor[]) => {
    const [a, b] = [recordAt([1, 2], f), recordAt([5, 6], g)];
    const same = sameRecording(a.recording, b.recording);
    a.recording.dispose();
    b.recording.dispose();
    return same;
  };

  it("agree if they called the same kernels on the same values, whatever was in them", () => {
    expect(
      compare(
        (x) => [tf.add(tf.sin(x), 3)],
        (x) => [tf.add(tf.sin(x), 3)],
      ),
    ).toBe(true);
  });

  it("differ in a kernel, an attribute, a constant, or what is fed to what", () => {
    expect(
      compare(
        (x) => [tf.sin(x)],
        (x) => [tf.cos(x)],
      ),
    ).toBe(false);
    expect(
      compare(
        (x) => [tf.leakyRelu(x, 0.1)],
        (x) => [tf.leakyRelu(x, 0.2)],
      ),
    ).toBe(false);
    expect(
      compare(
        (x) => [tf.add(x, 3)],
        (x) => [tf.add(x, 4)],
      ),
    ).toBe(false);
    expect(
      compare(
        (x) => [tf.add(tf.sin(x), x)],
        (x) => [tf.add(x, tf.sin(x))],
      ),
    ).toBe(false);
  });

  it("refuse two changing tensors that share their data", () => {
    expect(() =>
      record(({ declare }) =>
        tf.tidy(() => {
          const x = tf.ones([2]);
          declare(x);
          declare(tf.clone(x));
        }),
      ),
    ).toThrow(/share/);
  });
});
