import type { Dataset, DatasetInfo, DatasetOptions, SplitData } from "../tensor/dataset.ts";
import { rng } from "../tensor/random.ts";
import { contentHash } from "./hash.ts";
import { select, slice } from "./select.ts";
import { share } from "./shared.ts";
import type { DataReader, DatasetRequest, DatasetSource } from "./types.ts";

/** A data set as its source gives it, before validation examples are set aside. */
export interface TrainTest {
  readonly train: SplitData;
  readonly test: SplitData;
}

/** Which training examples become validation examples: any, drawn by the seed; the last, for sequences; none, for a whole graph. */
export type Holdout = "random" | "tail" | "none";

/**
 * Makes a source from its facts and a function that reads or draws its examples.
 * @param describe the facts under settings, for a set that heeds any
 */
export const datasetSource = (
  info: DatasetInfo,
  make: (reader: DataReader, options: DatasetOptions) => TrainTest | Promise<TrainTest>,
  holdout: Holdout = "random",
  describe: (options: DatasetOptions) => DatasetInfo = () => info,
): DatasetSource => ({
  info,
  describe,
  load: async (request, reader) => {
    const options = request.options ?? {};
    return assemble(describe(options), await make(reader, options), request, holdout);
  },
});

/** The hash of all examples, before any are set aside. */
export const hashOf = (info: DatasetInfo, { train, test }: TrainTest): Promise<string> => contentHash(info, [train, test]);

/**
 * Sets validation examples aside and hashes the content. The hash is of all examples before that, so runs
 * with another seed or another share for validation still show that they saw the same data. Collections come to lie in shared
 * memory, where there is some: other threads make batches of them.
 * @param hash of the content, if it is known
 */
export async function assemble(
  info: DatasetInfo,
  data: TrainTest,
  request: DatasetRequest,
  holdout: Holdout,
  hash: Promise<string> = hashOf(info, data),
): Promise<Dataset> {
  const { train, validation } = setAside(data.train, request, holdout);
  const place = info.whole || data.train.graphs ? (split: SplitData) => split : share;
  const splits = { train: place(train), validation: place(validation), test: place(data.test) };
  const counts = { train: train.count, validation: validation.count, test: data.test.count };
  return { info: { ...info, counts }, splits, hash: await hash };
}

/** Training and validation examples, each in the order in which they came. At least one stays for training. */
function setAside(all: SplitData, request: DatasetRequest, holdout: Holdout): { train: SplitData; validation: SplitData } {
  const share = Math.min(0.5, Math.max(0, request.validation));
  const kept = holdout === "none" ? 0 : Math.min(all.count - 1, Math.round(all.count * share));
  if (kept <= 0) return { train: all, validation: slice(all, 0, 0) };
  if (holdout === "tail") return { train: slice(all, 0, all.count - kept), validation: slice(all, all.count - kept, all.count) };
  const order = rng(request.seed, "validation").permutation(all.count);
  return { train: select(all, order.slice(kept).sort()), validation: select(all, order.slice(0, kept).sort()) };
}
