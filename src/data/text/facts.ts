import type { DatasetInfo, DatasetOptions, TokenKind } from "../../tensor/dataset.ts";
import { i32 } from "../../tensor/types.ts";

/** What must be known of a text to say what it gives under any settings, without a token being made. */
export interface TextFacts {
  /** The different characters, each one's place being its token. */
  readonly alphabet: readonly string[];
  readonly train: PartSize;
  readonly test: PartSize;
}
export interface PartSize {
  readonly characters: number;
  readonly bytes: number;
}

/** A text of a person's as it is described: all that `textInfo` needs, as plain data. */
export interface DescribedText {
  readonly about: Pick<DatasetInfo, "name" | "title" | "about">;
  readonly facts: TextFacts;
}

/** Share of a text, from its beginning, that is for training. */
export const trainShare = 0.9;

/** Tokens of an example, and different tokens in byte pairs, where the node does not say. */
const usualLength = 64;
const usualVocabulary = 512;

/** Bytes for which there is one window of so many pairs: about as many as they are long, for vocabularies of some hundreds. */
const bytesPerPair = 2;

/** A text's settings with their defaults filled in. */
export const textSettings = ({ length = usualLength, tokens = "characters", vocabulary = usualVocabulary }: DatasetOptions) => ({
  length,
  tokens,
  vocabulary,
});

/**
 * Examples of a part. Every window needs one token more, its last one's successor. How many pairs a text has is known only once they are
 * learned; so the number of windows follows from its bytes, and the windows are spread evenly, overlapping where they must.
 */
export function windowCount(part: PartSize, options: DatasetOptions): number {
  const { length, tokens } = textSettings(options);
  const units = { characters: part.characters, bytes: part.bytes, pairs: part.bytes / bytesPerPair }[tokens];
  return Math.max(0, Math.floor((units - 1) / length));
}

const units: Readonly<Record<TokenKind, string>> = {
  characters: "characters",
  bytes: "bytes of UTF-8",
  pairs: "tokens, bytes of which frequent pairs are merged (learned from the training part),",
};

/**
 * A text as a data set under settings: `x` and, one token on, `label`, both `[length]`.
 * @param names of the tokens; known beforehand for characters and bytes, else once merges are learned
 */
export function textInfo(
  { name, title, about }: Pick<DatasetInfo, "name" | "title" | "about">,
  facts: TextFacts,
  options: DatasetOptions,
  names: readonly string[] | undefined = options.tokens === undefined || options.tokens === "characters" ? facts.alphabet : undefined,
): DatasetInfo {
  const { length, tokens, vocabulary } = textSettings(options);
  const classes = { characters: facts.alphabet.length, bytes: 256, pairs: vocabulary }[tokens];
  const port = { ...i32([length], classes), view: "text" as const, ...(names && { names }) };
  return {
    name,
    title,
    about: `${about} Windows of ${units[tokens]} that follow on each other; the label is the next one at each place. The last tenth of the text is the test.`,
    ports: { x: port, label: port },
    counts: { train: windowCount(facts.train, options), validation: 0, test: windowCount(facts.test, options) },
    uses: tokens === "pairs" ? ["length", "tokens", "vocabulary"] : ["length", "tokens"],
  };
}

/** Place in a text where training ends and the test begins; never within a character. */
export function splitPlace(text: string): number {
  const at = Math.floor(trainShare * text.length);
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}

/** What must be known of a text. */
export function textFacts(text: string): TextFacts {
  const at = splitPlace(text);
  const seen = new Set<string>();
  const sizeOf = (part: string): PartSize => {
    let characters = 0;
    for (const character of part) {
      seen.add(character);
      characters++;
    }
    return { characters, bytes: new TextEncoder().encode(part).length };
  };
  const [train, test] = [sizeOf(text.slice(0, at)), sizeOf(text.slice(at))];
  return { alphabet: [...seen].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)), train, test };
}
