import * as tf from "@tensorflow/tfjs-core";
import type { WorkloadName } from "../workloads.ts";

/** A variable by its name in the document: `"conv1/kernel"`. */
export type Weights = (name: string) => tf.Variable;
/** What the data set gives for a step: `"x"`, `"label"`, … */
export type Batch = (port: string) => tf.Tensor;

/** The workloads' networks as one writes them in tfjs without Netloom: weights and a batch in, the loss out. */
export const networks: Readonly<Record<WorkloadName, (w: Weights, data: Batch) => tf.Scalar>> = {
  mlp(w, data) {
    const a = linear(w, "layer1", flat(data("x")), "relu");
    const b = linear(w, "layer3", a, "relu");
    return crossEntropy(linear(w, "layer5", b), data("label"), 10);
  },

  mnist1d(w, data) {
    let h = data("x") as tf.Tensor3D;
    for (const name of ["conv1", "conv2", "conv3"])
      h = tf.relu(tf.add(tf.conv1d(h, w(`${name}/kernel`) as tf.Tensor as tf.Tensor3D, 2, "valid"), w(`${name}/bias`)));
    return crossEntropy(linear(w, "linear", flat(h)), data("label"), 10);
  },

  cnn(w, data) {
    const a = tf.maxPool(conv(w, "layer0", image(data), "relu"), 2, 2, "valid");
    const b = tf.maxPool(conv(w, "layer3", a, "relu"), 2, 2, "valid");
    return crossEntropy(linear(w, "layer9", linear(w, "layer7", flat(b), "relu")), data("label"), 10);
  },

  resnet(w, data) {
    const plain = (name: string, h: tf.Tensor4D, stride = 1) => tf.conv2d(h, w(`${name}/kernel`) as tf.Tensor as tf.Tensor4D, stride, "same");
    let h = tf.relu(batchNorm(w, "layer1", plain("layer0", image(data))));
    for (const [name, stride] of [
      ["layer3", 1],
      ["layer4", 2],
      ["layer5", 2],
    ] as const) {
      const inner = tf.relu(batchNorm(w, `${name}/norm1`, plain(`${name}/conv1`, h, stride)));
      const outer = batchNorm(w, `${name}/norm2`, plain(`${name}/conv2`, inner));
      h = tf.relu(tf.add(outer, stride === 1 ? h : batchNorm(w, `${name}/norm3`, plain(`${name}/past`, h, stride))));
    }
    return crossEntropy(linear(w, "layer7", tf.mean(h, [1, 2])), data("label"), 10);
  },

  gpt(w, data) {
    const heads = 4;
    const [batch, tokens] = data("x").shape as [number, number];
    const mask = causalMask(tokens);
    let h = tf.add(embedding(w("tokens/table"), data("x")), w("positions/positions"));
    const width = h.shape[2] as number;
    const rows = (y: tf.Tensor) => tf.reshape<tf.Rank.R2>(y, [batch * tokens, -1]);
    for (const name of [0, 1, 2, 3].map((i) => `blocks/${i}`)) {
      const a = rows(layerNorm(w, `${name}/norm1`, h));
      const qkv = tf.fused.matMul({ a, b: matrix(w(`${name}/attention/qkv`)), bias: w(`${name}/attention/qkvBias`) });
      const [q, k, v] = tf.split(qkv, 3, 1).map((y) => tf.transpose(tf.reshape(y, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]));
      const scores = tf.add(tf.mul(tf.matMul(q as tf.Tensor, k as tf.Tensor, false, true), 1 / Math.sqrt(width / heads)), mask);
      const mixed = rows(tf.transpose(tf.matMul(tf.softmax(scores), v as tf.Tensor), [0, 2, 1, 3]));
      const attended = tf.fused.matMul({ a: mixed, b: matrix(w(`${name}/attention/output`)), bias: w(`${name}/attention/outputBias`) });
      h = tf.add(h, tf.reshape(attended, h.shape));
      const expanded = gelu(linear(w, `${name}/expand`, rows(layerNorm(w, `${name}/norm2`, h))));
      h = tf.add(h, tf.reshape(linear(w, `${name}/contract`, expanded), h.shape));
    }
    return crossEntropy(linear(w, "logits", rows(layerNorm(w, "norm", h))), data("label"), 75);
  },

  unet(w, data) {
    const twice = (name: string, h: tf.Tensor4D) => conv(w, `${name}conv2`, conv(w, `${name}conv1`, h, "relu"), "relu");
    const up = (name: string, h: tf.Tensor4D, past: tf.Tensor4D) => {
      const raised = tf.conv2dTranspose(
        h,
        w(`${name}up/kernel`) as tf.Tensor as tf.Tensor4D,
        past.shape.with(3, past.shape[3]) as tf.Tensor4D["shape"],
        2,
        "same",
      );
      return tf.concat([past, tf.add(raised, w(`${name}up/bias`)) as tf.Tensor4D], 3);
    };
    const left1 = twice("down1", image(data));
    const left2 = twice("down2", tf.maxPool(left1, 2, 2, "valid"));
    const bottom = twice("bottom", tf.maxPool(left2, 2, 2, "valid"));
    const right2 = twice("right2", up("up2", bottom, left2));
    const right1 = twice("right1", up("up1", right2, left1));
    return tf.losses.meanSquaredError(data("x"), conv(w, "pixels", right1)) as tf.Scalar;
  },

  gcn: graphNetwork,
  gcn1000: graphNetwork,

  flow(w, data) {
    let [a, b] = tf.split(data("x") as tf.Tensor2D, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    let loss = tf.scalar(Math.log(2 * Math.PI));
    for (const name of [0, 1, 2, 3].flatMap((i) => [`flow/${i}/first`, `flow/${i}/second`])) {
      const network = (i: number, h: tf.Tensor2D, activation?: "relu") =>
        tf.fused.matMul({ a: h, b: matrix(w(`${name}/kernel${i}`)), bias: w(`${name}/bias${i}`), ...(activation && { activation }) }) as tf.Tensor2D;
      const [raw, shift] = tf.split(network(2, network(1, network(0, a, "relu"), "relu")), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      const logScale = tf.mul(tf.tanh(raw), 2);
      const changed = tf.add(tf.mul(b, tf.exp(logScale)), shift) as tf.Tensor2D;
      loss = tf.sub(loss, tf.mean(tf.sum(logScale, 1)));
      // The two halves take turns.
      [a, b] = [changed, a];
    }
    return tf.add(loss, tf.mul(tf.mean(tf.add(tf.square(a), tf.square(b))), 0.5));
  },
};

/** Kipf and Welling's network as this book has it, H ← (Â + I) H Ω, with the mask's mean. */
function graphNetwork(w: Weights, data: Batch): tf.Scalar {
  const root = tf.rsqrt(tf.maximum(tf.sum(data("adjacency"), 1, true), 1e-12));
  const convolution = (name: string, h: tf.Tensor2D): tf.Tensor2D => {
    const sent = tf.matMul(h, matrix(w(`${name}/kernel`)));
    const gathered = tf.mul(tf.matMul(data("adjacency"), tf.mul(sent, root)), root);
    return tf.add(tf.add(gathered, sent), w(`${name}/bias`));
  };
  const logits = convolution("conv2", tf.relu(convolution("conv1", data("x") as tf.Tensor2D)));
  const hot = tf.oneHot(data("label"), logits.shape[1] as number);
  return tf.losses.softmaxCrossEntropy(hot, logits, data("mask"), 0, tf.Reduction.SUM_BY_NONZERO_WEIGHTS) as tf.Scalar;
}

/** A variable as the matrix that it is. */
const matrix = (variable: tf.Variable) => variable as tf.Tensor as tf.Tensor2D;
const flat = (x: tf.Tensor) => tf.reshape<tf.Rank.R2>(x, [x.shape[0] as number, -1]);
const image = (data: Batch) => data("x") as tf.Tensor4D;
const gelu = (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));

function linear(w: Weights, name: string, x: tf.Tensor, activation?: "relu") {
  return tf.fused.matMul({ a: x as tf.Tensor2D, b: matrix(w(`${name}/kernel`)), bias: w(`${name}/bias`), ...(activation && { activation }) });
}

function conv(w: Weights, name: string, x: tf.Tensor4D, activation?: "relu") {
  const filter = w(`${name}/kernel`) as tf.Tensor as tf.Tensor4D;
  return tf.fused.conv2d({ x, filter, bias: w(`${name}/bias`), strides: 1, pad: "same", ...(activation && { activation }) });
}

function crossEntropy(logits: tf.Tensor, label: tf.Tensor, classes: number): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.reshape(label, [-1]), classes), logits) as tf.Scalar;
}

/** As tf.layers does it: the batch's own statistics, running ones beside it. */
function batchNorm(w: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  for (const [running, value] of [
    [w(`${name}/mean`), mean],
    [w(`${name}/variance`), variance],
  ] as const)
    running.assign(tf.add(tf.mul(running, 0.9), tf.mul(value, 0.1)));
  return tf.batchNorm4d(
    x,
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    w(`${name}/delta`) as tf.Tensor as tf.Tensor1D,
    w(`${name}/gamma`) as tf.Tensor as tf.Tensor1D,
    1e-5,
  );
}

function layerNorm(w: Weights, name: string, x: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), w(`${name}/gamma`)), w(`${name}/beta`));
}

/** A row for each token; where a backend has no gradient of that (stock WASM), a product with ones and zeros. */
function embedding(table: tf.Variable, tokens: tf.Tensor): tf.Tensor {
  if (tf.getKernel("UnsortedSegmentSum", tf.getBackend()) !== undefined) return tf.gather(table, tokens);
  const [vocabulary, width] = table.shape as [number, number];
  const hot = tf.cast(tf.oneHot(tf.reshape(tokens, [-1]), vocabulary), "float32");
  return tf.reshape(tf.matMul(hot, table), [...tokens.shape, width]);
}

/** Added to the scores: what comes later counts nothing. */
function causalMask(tokens: number): tf.Tensor {
  return tf.tensor2d(
    Float32Array.from({ length: tokens * tokens }, (_, i) => (i % tokens > Math.floor(i / tokens) ? -1e9 : 0)),
    [tokens, tokens],
  );
}
