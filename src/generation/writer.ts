import * as tf from "@tensorflow/tfjs-core";
import type { Program } from "../compiler/compile.ts";
import { createTokenizer, type Tokenizer } from "../data/text/tokenizer.ts";
import type { NextToken } from "../graph/next-token.ts";
import type { TextCoding } from "../tensor/dataset.ts";
import { type NamedWeights, setWeights } from "../training/state.ts";
import { type GenerateSettings, generate, type WrittenToken } from "./generate.ts";
import { CannotGenerate, createGenerator, type Generator } from "./generator.ts";

/** What is to be written, in words. */
export interface WriteRequest extends GenerateSettings {
  readonly prompt: string;
  /** The text ends once it has one of these in it. */
  readonly stops: readonly string[];
}

/** A token with the text that it adds: none where it only begins a character of several bytes. */
export interface Piece {
  readonly text: string;
  readonly probability: number;
  /** What the network held for most probable, each by its token's name. */
  readonly best: readonly { readonly name: string; readonly probability: number; readonly chosen: boolean }[];
}

export interface Written {
  readonly text: string;
  readonly tokens: number;
  readonly seconds: number;
  /** Characters of the prompt that the network has no token for: it was not shown them. */
  readonly unknown: readonly string[];
  /** It ended before all tokens were written: with a stop, or because it was stopped. */
  readonly early: boolean;
}

/** A trained network that writes text. */
export interface Writer extends Pick<Generator, "cached" | "obstacles" | "wholeSeconds" | "stepSeconds"> {
  /** Tokens that the network sees at once. */
  readonly context: number;
  /** @param onPieces told what stands from a token on: in a beam search, what was written may change */
  write(
    request: WriteRequest,
    surroundings: { readonly onPieces: (from: number, pieces: readonly Piece[]) => void; readonly stopped: () => boolean },
  ): Promise<Written>;
  dispose(): void;
}

interface WriterOptions {
  readonly program: Program;
  readonly next: NextToken;
  readonly weights: NamedWeights;
  readonly coding: TextCoding;
  /** False: computes everything again for each token. */
  readonly cache?: boolean;
}

/**
 * Puts weights in place and makes a network ready to write on the backend in use. It owns them.
 * @throws CannotGenerate, or Error where the weights are of another network
 */
export async function createWriter({ program, next, weights, coding, cache = true }: WriterOptions): Promise<Writer> {
  const tokenizer = createTokenizer(coding);
  if (tokenizer.size !== next.classes)
    throw new CannotGenerate(
      `The text has ${tokenizer.size} different tokens, the network knows ${next.classes}: it was trained on another.`,
      next.data,
    );
  const state = { step: 0, weights: [] as tf.Tensor[] };
  const dispose = () => tf.dispose(state.weights);
  try {
    setWeights(weights, program, state);
    const generator = await createGenerator(program, next, state.weights, cache);
    return {
      cached: generator.cached,
      obstacles: generator.obstacles,
      wholeSeconds: generator.wholeSeconds,
      ...(generator.stepSeconds !== undefined && { stepSeconds: generator.stepSeconds }),
      context: next.length,
      write: (request, surroundings) => write(generator, tokenizer, request, surroundings),
      dispose() {
        generator.dispose();
        dispose();
      },
    };
  } catch (thrown) {
    dispose();
    throw thrown;
  }
}

const write = async (
  generator: Generator,
  tokenizer: Tokenizer,
  request: WriteRequest,
  { onPieces, stopped }: Parameters<Writer["write"]>[1],
): Promise<Written> => {
  const begun = performance.now();
  const decoder = createDecoder(tokenizer);
  const written = await generate(generator, promptTokens(tokenizer, request.prompt), request, {
    stopped,
    ends: endsWith(tokenizer, request.stops),
    onWritten(from, tokens) {
      if (from === 0) decoder.reset();
      onPieces(from, tokens.map(decoder.piece));
    },
  });
  return {
    text: tokenizer.decode(written.map(({ token }) => token)),
    tokens: written.length,
    seconds: (performance.now() - begun) / 1000,
    unknown: tokenizer.unknown(request.prompt),
    early: written.length < request.tokens,
  };
};

/** A network needs something to go on from: without a prompt, the end of a line. */
function promptTokens(tokenizer: Tokenizer, prompt: string): readonly number[] {
  const tokens = [...tokenizer.encode(prompt)];
  const instead = tokens.length > 0 ? tokens : [...tokenizer.encode("\n")];
  return instead.length > 0 ? instead : [0];
}

/** Whether tokens end in a stop. A stop of n bytes lies within the last n tokens. */
function endsWith(tokenizer: Tokenizer, stops: readonly string[]): (tokens: readonly number[]) => boolean {
  const wanted = stops.filter((stop) => stop !== "");
  const longest = Math.max(0, ...wanted.map((stop) => new TextEncoder().encode(stop).length));
  return (tokens) => {
    if (wanted.length === 0) return false;
    const end = tokenizer.decode(tokens.slice(-longest));
    return wanted.some((stop) => end.includes(stop));
  };
}

/** Most bytes of a character: so many tokens may go by until it is whole. */
const mostBytes = 4;

/** Texts of tokens as they come: a character that takes several is given with its last one. */
function createDecoder(tokenizer: Tokenizer) {
  let open: number[] = [];
  const textOf = (token: number): string => {
    open.push(token);
    const text = tokenizer.decode(open);
    if (text.endsWith("�") && open.length < mostBytes) return "";
    open = [];
    return text;
  };
  return {
    reset() {
      open = [];
    },
    piece: ({ token, probability, best }: WrittenToken): Piece => ({
      text: textOf(token),
      probability,
      best: best.map((one) => ({ name: tokenizer.names[one.token] ?? "", probability: one.probability, chosen: one.token === token })),
    }),
  };
}
