import type { DatasetInfo } from "../../tensor/dataset.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { gunzip } from "../gunzip.ts";
import { slice } from "../select.ts";
import { datasetSource } from "../source.ts";

const pixels = 28 * 28;

const info: DatasetInfo = {
  name: "fashion-mnist",
  title: "Fashion-MNIST",
  about:
    "7,000 pictures of clothing in ten classes, 28 × 28 grey levels: 600 training and 100 test images a class of Zalando's Fashion-MNIST (2017); MIT licence.",
  ports: {
    x: { ...f32(28, 28, 1), view: "image" },
    label: {
      ...i32([], 10),
      view: "label",
      names: ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "trainer", "bag", "ankle boot"],
    },
  },
  counts: { train: 6000, validation: 0, test: 1000 },
};

/** All labels stand first in the file, then all images; training examples before test examples. */
export const fashionMnist = datasetSource(info, async (reader) => {
  const bytes = await gunzip(reader.bundled("fashion-mnist.bin.gz"));
  const count = info.counts.train + info.counts.test;
  const x = Float32Array.from(bytes.subarray(count, count * (1 + pixels)), (grey) => grey / 255);
  const all = { count, ports: { x, label: Int32Array.from(bytes.subarray(0, count)) } };
  return { train: slice(all, 0, info.counts.train), test: slice(all, info.counts.train, count) };
});
