import { rng } from "../tensor/random.ts";
import { type Choosing, distribution, draw, mostProbable, softmax } from "./distribution.ts";
import type { LanguageModel } from "./language-model.ts";

/** What is to be written. */
export interface GenerateSettings extends Choosing {
  /** Tokens at most. */
  readonly tokens: number;
  /** Texts that are followed at once in the search for the most probable one; 1: each token is drawn and stands. */
  readonly beam: number;
  readonly seed: number;
}

export const generateDefaults: GenerateSettings = { tokens: 200, temperature: 0.8, topK: 0, topP: 1, beam: 1, seed: 1 };

/** Tokens whose probabilities are told with each one. */
const told = 5;

/** A token as it was written, and what else the network thought of: probabilities are its own, before any choosing. */
export interface WrittenToken {
  readonly token: number;
  readonly probability: number;
  readonly best: readonly { readonly token: number; readonly probability: number }[];
}

export interface Surroundings {
  /** Told what stands from a place on: in a beam search, what was written may change. */
  readonly onWritten: (from: number, written: readonly WrittenToken[]) => void;
  /** Asked before each token. */
  readonly stopped: () => boolean;
  /** True if the text ends with these tokens. */
  readonly ends?: (tokens: readonly number[]) => boolean;
}

/**
 * Writes on from a prompt, which must hold a token at least.
 * @returns all that was written; fewer tokens than asked for if it was stopped or came to an end
 */
export function generate(
  model: LanguageModel,
  prompt: readonly number[],
  settings: GenerateSettings,
  surroundings: Surroundings,
): Promise<readonly WrittenToken[]> {
  return settings.beam > 1 ? beamSearch(model, prompt, settings, surroundings) : sample(model, prompt, settings, surroundings);
}

/** The token of place n is drawn from the stream (seed, n): the same settings write the same text. */
async function sample(
  model: LanguageModel,
  prompt: readonly number[],
  settings: GenerateSettings,
  { onWritten, stopped, ends }: Surroundings,
): Promise<readonly WrittenToken[]> {
  const written: WrittenToken[] = [];
  let logits = await model.begin([prompt]);
  while (written.length < settings.tokens && !stopped()) {
    const token = draw(distribution(logits, settings), rng(settings.seed, "generate", written.length));
    written.push(tell(softmax(logits), token));
    onWritten(written.length - 1, written.slice(-1));
    if (written.length === settings.tokens || ends?.(written.map((one) => one.token))) break;
    logits = await model.extend([{ row: 0, token }]);
  }
  return written;
}

interface Hypothesis {
  readonly written: readonly WrittenToken[];
  /** Logarithm of the text's probability. */
  readonly score: number;
}

/**
 * Follows the most probable texts, `beam` of them, and of their continuations again the most probable (UDL 12.7.2): finds texts that
 * choosing the best token each time would miss. Temperature, best k and nucleus play no part.
 */
async function beamSearch(
  model: LanguageModel,
  prompt: readonly number[],
  { tokens, beam }: GenerateSettings,
  { onWritten, stopped, ends }: Surroundings,
): Promise<readonly WrittenToken[]> {
  let open: readonly Hypothesis[] = [{ written: [], score: 0 }];
  let best: Hypothesis = { written: [], score: Number.NEGATIVE_INFINITY };
  let logits = await model.begin([prompt]);
  for (let length = 1; length <= tokens && open.length > 0 && !stopped(); length++) {
    const ranked = open
      .flatMap(({ score, written }, row) => {
        const probabilities = softmax(logits.subarray(row * model.classes, (row + 1) * model.classes));
        return mostProbable(probabilities, beam).map((token) => ({
          row,
          token,
          score: score + Math.log(probabilities[token] as number),
          extended: (): readonly WrittenToken[] => [...written, tell(probabilities, token)],
        }));
      })
      .sort((a, b) => b.score - a.score || a.row - b.row || a.token - b.token)
      .slice(0, beam)
      .map(({ extended, ...one }) => ({ ...one, written: extended() }));
    const finished = ranked.filter(({ written }) => length === tokens || ends?.(written.map((one) => one.token)));
    for (const one of finished) if (one.score > best.score) best = one;
    // A text only loses probability as it grows: one that is behind what has ended need not be followed.
    const followed = ranked.filter((one) => !finished.includes(one) && one.score > best.score);
    onWritten(0, (followed[0] ?? best).written);
    open = followed;
    if (followed.length > 0) logits = await model.extend(followed);
  }
  const result = best.written.length > 0 ? best : (open[0] ?? best);
  onWritten(0, result.written);
  return result.written;
}

function tell(probabilities: Float64Array, token: number): WrittenToken {
  const about = (one: number) => ({ token: one, probability: probabilities[one] ?? 0 });
  return { ...about(token), best: mostProbable(probabilities, told).map(about) };
}
