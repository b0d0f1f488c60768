import { describe, expect, test } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { meanAndDeviation } from "../../src/data/signal.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import { testReader } from "./reader.ts";

/** Loads each data set once for all tests of this file. */
const loaded = new Map<string, Promise<Dataset>>();
const load = (name: string): Promise<Dataset> => {
  const known = loaded.get(name) ?? loadDataset({ name, validation: 0, seed: 1 }, testReader());
  loaded.set(name, known);
  return known;
};
const values = (dataset: Dataset, split: "train" | "test", port: string): Float32Array => Float32Array.from(dataset.splits[split].ports[port] ?? []);

const count = (labels: Iterable<number>, classes: number): number[] => {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
};

/** Softmax regression by plain gradient descent: what no hidden layer can learn. Returns its accuracy on the test. */
function linearAccuracy(dataset: Dataset, features: number, classes: number, steps: number): number {
  const x = values(dataset, "train", "x");
  const labels = values(dataset, "train", "label");
  const weights = new Float64Array((features + 1) * classes);
  const score = (of: ArrayLike<number>, row: number, label: number) => {
    let sum = weights[features * classes + label] as number;
    for (let j = 0; j < features; j++) sum += (of[row * features + j] as number) * (weights[j * classes + label] as number);
    return sum;
  };
  for (let step = 0; step < steps; step++) {
    const gradient = new Float64Array(weights.length);
    labels.forEach((label, row) => {
      const exps = Array.from({ length: classes }, (_, k) => Math.exp(score(x, row, k)));
      const total = exps.reduce((sum, e) => sum + e, 0);
      exps.forEach((e, k) => {
        const error = (e / total - (k === label ? 1 : 0)) / labels.length;
        for (let j = 0; j < features; j++)
          gradient[j * classes + k] = (gradient[j * classes + k] as number) + error * (x[row * features + j] as number);
        gradient[features * classes + k] = (gradient[features * classes + k] as number) + error;
      });
    });
    gradient.forEach((g, i) => {
      weights[i] = (weights[i] as number) - 0.5 * g;
    });
  }
  const test = values(dataset, "test", "x");
  const answers = values(dataset, "test", "label");
  const right = answers.filter((label, row) =>
    Array.from({ length: classes }, (_, k) => k).every((k) => score(test, row, k) <= score(test, row, label)),
  );
  return right.length / answers.length;
}

/** Accuracy on the test of the nearest training example. */
function neighbourAccuracy(dataset: Dataset, features: number): number {
  const [x, test, labels, answers] = [
    values(dataset, "train", "x"),
    values(dataset, "test", "x"),
    values(dataset, "train", "label"),
    values(dataset, "test", "label"),
  ];
  let right = 0;
  answers.forEach((answer, row) => {
    let best = Number.POSITIVE_INFINITY;
    let label = -1;
    for (let i = 0; i < labels.length; i++) {
      let distance = 0;
      for (let j = 0; j < features && distance < best; j++) distance += ((x[i * features + j] as number) - (test[row * features + j] as number)) ** 2;
      if (distance < best) {
        best = distance;
        label = labels[i] as number;
      }
    }
    if (label === answer) right++;
  });
  return right / answers.length;
}

describe("MNIST-1D", () => {
  test("has mean 0 and deviation 1 over all, and 500 examples of every digit", async () => {
    const dataset = await load("mnist1d");
    const { mean, deviation } = meanAndDeviation([...values(dataset, "train", "x"), ...values(dataset, "test", "x")]);
    expect(mean).toBeCloseTo(0, 5);
    expect(deviation).toBeCloseTo(1, 5);
    expect(count([...values(dataset, "train", "label"), ...values(dataset, "test", "label")], 10)).toEqual(new Array(10).fill(500));
  });

  // Figures of the published procedure, from a run of it in numpy with another seed (5,000 examples, so within a few hundredths).
  const publishedDeviations = [1.206, 0.876, 0.837, 1.004, 0.884, 0.848, 1.186, 0.877, 0.999, 0.897];
  const publishedMeans = [0.455, -0.09, 0.041, 0.325, -0.119, -0.014, -0.378, 0.171, -0.249, -0.143];

  test("has the published procedure's mean and deviation for every digit", async () => {
    const dataset = await load("mnist1d");
    const labels = values(dataset, "train", "label");
    const x = values(dataset, "train", "x");
    for (let digit = 0; digit < 10; digit++) {
      const { mean, deviation } = meanAndDeviation([...x].filter((_, i) => labels[Math.floor(i / 40)] === digit));
      expect(mean).toBeCloseTo(publishedMeans[digit] as number, 1);
      expect(Math.abs(deviation - (publishedDeviations[digit] as number))).toBeLessThan(0.04);
    }
  });

  test("has its smoothness and its tails", async () => {
    const x = values(await load("mnist1d"), "train", "x");
    const steps = [...x].flatMap((value, i) => (i % 40 === 0 ? [] : [value - (x[i - 1] as number)]));
    expect(meanAndDeviation(steps).deviation).toBeCloseTo(0.598, 1);
    expect(x.reduce((sum, value) => sum + value ** 4, 0) / x.length).toBeCloseTo(4.36, 0);
  });

  test("is nearly out of reach of a linear classifier, as published (about 32 % right), and half in reach of a nearest neighbour", async () => {
    const dataset = await load("mnist1d");
    const linear = linearAccuracy(dataset, 40, 10, 60);
    expect(linear).toBeGreaterThan(0.24);
    expect(linear).toBeLessThan(0.4);
    const neighbour = neighbourAccuracy(dataset, 40);
    expect(neighbour).toBeGreaterThan(0.48);
    expect(neighbour).toBeLessThan(0.64);
  });
});

describe("digits", () => {
  test("splits every class alike, four to one", async () => {
    const dataset = await load("digits");
    const train = count(values(dataset, "train", "label"), 10);
    const test = count(values(dataset, "test", "label"), 10);
    expect(train.map((n, i) => n + (test[i] as number))).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    for (let digit = 0; digit < 10; digit++)
      expect(Math.abs((test[digit] as number) - ((train[digit] as number) + (test[digit] as number)) * (360 / 1797))).toBeLessThan(1);
  });

  test("has grey levels from 0 to 1 and is easy: the nearest neighbour names more than 97 % rightly", async () => {
    const dataset = await load("digits");
    const x = values(dataset, "train", "x");
    expect([Math.min(...x), Math.max(...x)]).toEqual([0, 1]);
    expect(neighbourAccuracy(dataset, 64)).toBeGreaterThan(0.97);
  });
});

test("Fashion-MNIST is balanced, from 0 to 1, and looks like its classes: trousers are dark at the sides", async () => {
  const dataset = await load("fashion-mnist");
  expect(count(values(dataset, "train", "label"), 10)).toEqual(new Array(10).fill(600));
  expect(count(values(dataset, "test", "label"), 10)).toEqual(new Array(10).fill(100));
  const x = values(dataset, "train", "x");
  expect(meanAndDeviation(x).mean).toBeCloseTo(0.286, 2);
  const trousers = values(dataset, "train", "label").indexOf(1);
  const pixel = (row: number, column: number) => x[trousers * 784 + row * 28 + column] as number;
  expect(pixel(14, 1)).toBe(0);
  expect(Math.max(pixel(14, 11), pixel(14, 17))).toBeGreaterThan(0.3);
});

describe("points in the plane", () => {
  test("moons lie on two half circles around the origin", async () => {
    const dataset = await load("moons");
    const x = values(dataset, "train", "x");
    const labels = values(dataset, "train", "label");
    for (let i = 0; i < labels.length; i++) {
      const side = labels[i] === 0 ? 1 : -1;
      expect(Math.abs(Math.hypot((x[2 * i] as number) * side + 0.5, (x[2 * i + 1] as number) * side + 0.25) - 1)).toBeLessThan(0.5);
    }
    expect(Math.abs(meanAndDeviation(x).mean)).toBeLessThan(0.03);
  });

  test("spirals, rings and moons need more than a line, and a nearest neighbour tells them apart", async () => {
    for (const [name, classes] of [
      ["spirals", 2],
      ["rings", 3],
      ["moons", 2],
    ] as const) {
      const dataset = await load(name);
      expect(linearAccuracy(dataset, 2, classes, 100)).toBeLessThan(0.95);
      expect(neighbourAccuracy(dataset, 2)).toBeGreaterThan(0.97);
    }
  });

  test("each of the 25 Gaussians has its mean on the grid and its deviation", async () => {
    const dataset = await load("gaussians");
    const x = values(dataset, "train", "x");
    const labels = values(dataset, "train", "label");
    for (let label = 0; label < 25; label++) {
      const own = [...labels.keys()].filter((i) => labels[i] === label);
      const across = meanAndDeviation(own.map((i) => x[2 * i] as number));
      const up = meanAndDeviation(own.map((i) => x[2 * i + 1] as number));
      expect(across.mean).toBeCloseTo((label % 5) - 2, 1);
      expect(up.mean).toBeCloseTo(Math.floor(label / 5) - 2, 1);
      expect(across.deviation).toBeCloseTo(0.05, 1);
    }
  });
});

test("iris has 50 flowers of each species and Fisher's means in centimetres", async () => {
  const dataset = await load("iris");
  expect(count(values(dataset, "test", "label"), 3)).toEqual([10, 10, 10]);
  const all = [...values(dataset, "train", "x"), ...values(dataset, "test", "x")];
  const means = [0, 1, 2, 3].map((column) => meanAndDeviation(all.filter((_, i) => i % 4 === column)).mean);
  [5.843, 3.057, 3.758, 1.199].forEach((mean, column) => {
    expect(means[column]).toBeCloseTo(mean, 2);
  });
});

describe("karate club", () => {
  /** 1 for each pair of friends, as a matrix. */
  const friendships = async (): Promise<Float32Array> => {
    const edges = values(await load("karate"), "train", "edges");
    const a = new Float32Array(34 * 34);
    for (let i = 0; i < edges.length; i += 2) a[(edges[i] as number) * 34 + (edges[i + 1] as number)] = 1;
    return a;
  };

  test("has 78 friendships, both ways, none with oneself; the leaders have 16 and 17", async () => {
    const a = await friendships();
    const degree = Array.from({ length: 34 }, (_, i) => a.slice(i * 34, (i + 1) * 34).reduce((sum, value) => sum + value, 0));
    expect(degree.reduce((sum, d) => sum + d, 0)).toBe(156);
    expect(values(await load("karate"), "train", "edges")).toHaveLength(2 * 156);
    for (let i = 0; i < 34; i++) for (let j = 0; j < 34; j++) expect(a[i * 34 + j]).toBe(a[j * 34 + i]);
    expect(Array.from({ length: 34 }, (_, i) => a[i * 35])).toEqual(new Array(34).fill(0));
    expect([degree[0], degree[33]]).toEqual([16, 17]);
    expect(Math.min(...degree)).toBe(1);
  });

  test("masks the two leaders for training, one of each side, and all others for the test", async () => {
    const dataset = await load("karate");
    const [train, test, label] = [values(dataset, "train", "mask"), values(dataset, "test", "mask"), values(dataset, "train", "label")];
    expect([...train.keys()].filter((i) => train[i] === 1)).toEqual([0, 33]);
    expect([...test]).toEqual(Array.from(train, (value) => 1 - value));
    expect([label[0], label[33]]).toEqual([0, 1]);
    expect(count(label, 2)).toEqual([17, 17]);
  });

  test("falls into its sides when each member takes the side of its friends, starting from the leaders", async () => {
    const dataset = await load("karate");
    const a = await friendships();
    const label = values(dataset, "train", "label");
    let side = new Float64Array(34);
    for (let round = 0; round < 50; round++) {
      side = side.map((_, i) => {
        const friends = [...label.keys()].filter((j) => a[i * 34 + j] === 1);
        return i === 0 ? -1 : i === 33 ? 1 : friends.reduce((sum, j) => sum + (side[j] as number), 0) / friends.length;
      });
    }
    expect([...side].filter((value, i) => (value < 0 ? 0 : 1) === label[i]).length).toBeGreaterThanOrEqual(32);
  });
});

describe("Moby-Dick", () => {
  test("begins as it should, and a label is the character after its place", async () => {
    const dataset = await load("moby-dick");
    const names = dataset.info.ports.x?.names ?? [];
    const decode = (tokens: ArrayLike<number>) => Array.from(tokens, (token) => names[token]).join("");
    const x = values(dataset, "train", "x");
    const label = values(dataset, "train", "label");
    expect(decode(x.subarray(0, 192))).toContain("CHAPTER 1. Loomings.\nCall me Ishmael. Some years ago--never mind how long");
    expect([...label.subarray(0, 6400)]).toEqual([...x.subarray(1, 6401)]);
    expect(decode(values(dataset, "test", "x").slice(-200))).toContain("rolled five thousand");
  });

  test("uses each of its 75 characters, and knows every one of the text", async () => {
    const dataset = await load("moby-dick");
    expect(new Set([...values(dataset, "train", "x"), ...values(dataset, "test", "x")]).size).toBe(75);
    expect(new Set(dataset.info.ports.x?.names).size).toBe(75);
    const { gunzipSync } = await import("fflate");
    const text = new TextDecoder().decode(gunzipSync(await testReader().bundled("moby-dick.txt.gz")));
    expect([...new Set(text)].sort().join("")).toBe([...(dataset.info.ports.x?.names ?? [])].sort().join(""));
  });
});

describe("CMUdict", () => {
  test("spells and says words: label and decoder are the same sounds, one place apart", async () => {
    const dataset = await load("cmudict");
    const { ports } = dataset.splits.test;
    const names = (port: string) => dataset.info.ports[port]?.names ?? [];
    const row = (port: string, i: number, size: number) => [...(ports[port] ?? []).slice(i * size, (i + 1) * size)];
    const said = (i: number) => row("label", i, 9).map((token) => names("label")[token]);
    const spelt = (i: number) =>
      row("source", i, 8)
        .map((token) => names("source")[token])
        .join("");
    const words = Array.from({ length: 100 }, (_, i) => spelt(i).replaceAll("·", ""));
    expect(words.every((word) => /^[a-z]{3,8}$/.test(word))).toBe(true);
    const at = words.findIndex((word) => word.endsWith("ing"));
    expect(said(at).join(" ")).toMatch(/ IH NG ›/);
    for (let i = 0; i < 100; i++) {
      const [label, decoder, mask] = [row("label", i, 9), row("decoder", i, 9), row("mask", i, 9)];
      expect(names("decoder")[decoder[0] ?? -1]).toBe("‹");
      const length = mask.reduce((sum, one) => sum + one, 0);
      expect(names("label")[label[length - 1] ?? -1]).toBe("›");
      expect(decoder.slice(1, length)).toEqual(label.slice(0, length - 1));
      expect(row("sourceMask", i, 8)).toEqual(row("source", i, 8).map((letter) => (letter === 0 ? 0 : 1)));
    }
  });
});
