import type { DatasetInfo } from "../../tensor/dataset.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { gunzip } from "../gunzip.ts";
import { select } from "../select.ts";
import { datasetSource } from "../source.ts";
import { stratifiedSplit } from "../stratify.ts";

const info: DatasetInfo = {
  name: "digits",
  title: "Digits 8 × 8",
  about:
    "1,797 handwritten digits of 8 × 8 grey levels by 43 people (Alpaydin and Kaynak, UCI, 1998), as scikit-learn ships them; BSD-3-Clause and CC BY 4.0.",
  ports: {
    x: { ...f32(8, 8, 1), view: "image" },
    label: { ...i32([], 10), view: "label", names: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] },
  },
  counts: { train: 1437, validation: 0, test: 360 },
};

/** Pixels come as 0 … 16. */
export const digits = datasetSource(info, async (reader) => {
  const bytes = await gunzip(reader.bundled("digits.bin.gz"));
  const count = bytes.length / 65;
  const x = new Float32Array(count * 64);
  const label = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 64; j++) x[i * 64 + j] = (bytes[i * 65 + j] as number) / 16;
    label[i] = bytes[i * 65 + 64] as number;
  }
  const { train, test } = stratifiedSplit(label, info.counts.test, 42, info.name);
  const all = { count, ports: { x, label } };
  return { train: select(all, train), test: select(all, test) };
});
