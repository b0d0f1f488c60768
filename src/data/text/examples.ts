import type { DatasetOptions, SplitData, TextCoding } from "../../tensor/dataset.ts";
import type { TrainTest } from "../source.ts";
import { splitPlace, type TextFacts, textSettings, windowCount } from "./facts.ts";
import { byteTokens, learnPairs } from "./pairs.ts";
import { createTokenizer } from "./tokenizer.ts";

export interface TextExamples {
  readonly data: TrainTest;
  readonly coding: TextCoding;
  /** What the tokens stand for. */
  readonly names: readonly string[];
}

/**
 * A text as examples: merges are learned from the training part, both parts encoded and cut into windows.
 * @throws Error with a message for people if the text has fewer tokens than a window needs
 */
export function textExamples(text: string, facts: TextFacts, options: DatasetOptions): TextExamples {
  const at = splitPlace(text);
  const [training, testing] = [text.slice(0, at), text.slice(at)];
  const { length, tokens, vocabulary } = textSettings(options);
  const coding: TextCoding =
    tokens === "characters"
      ? { kind: "characters", characters: facts.alphabet }
      : tokens === "bytes"
        ? { kind: "bytes" }
        : { kind: "pairs", merges: learnPairs(training, vocabulary - byteTokens), size: vocabulary };
  const tokenizer = createTokenizer(coding);
  const part = (of: string, count: number) => windows(tokenizer.encode(of), length, count);
  const data = { train: part(training, windowCount(facts.train, options)), test: part(testing, windowCount(facts.test, options)) };
  return { data, coding, names: tokenizer.names };
}

/** So many windows, spread evenly from the first token to the last: side by side where the tokens are just enough. */
function windows(tokens: Int32Array, length: number, count: number): SplitData {
  const room = tokens.length - 1 - length;
  if (count > 0 && room < 0)
    throw new Error(
      `A part of the text has only ${tokens.length} tokens, and an example needs ${length + 1}. Choose shorter examples, or a smaller vocabulary.`,
    );
  const x = new Int32Array(count * length);
  const label = new Int32Array(count * length);
  const sideBySide = room >= (count - 1) * length;
  for (let i = 0; i < count; i++) {
    const start = sideBySide ? i * length : Math.floor((i * room) / (count - 1));
    x.set(tokens.subarray(start, start + length), i * length);
    label.set(tokens.subarray(start + 1, start + 1 + length), i * length);
  }
  return { count, ports: { x, label } };
}
