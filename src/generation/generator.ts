import * as tf from "@tensorflow/tfjs-core";
import type { Program } from "../compiler/compile.ts";
import type { Plan } from "../compiler/plan.ts";
import type { NextToken } from "../graph/next-token.ts";
import { breathe } from "../training/pacing.ts";
import { createAdvancing } from "./advance.ts";
import { firstToLookAhead } from "./causal.ts";
import { type Computation, createLanguageModel, type LanguageModel } from "./language-model.ts";
import { evaluation, findManners } from "./manners.ts";

/** A network ready to write. It owns what it keeps of the text, not the weights. */
export interface Generator extends LanguageModel {
  /** Whether what was computed for earlier tokens is kept; else all is computed again for each token. */
  readonly cached: boolean;
  /** Paths of the nodes that prevent keeping it. */
  readonly obstacles: readonly string[];
  /** Seconds that computing a whole window takes. */
  readonly wholeSeconds: number;
  /** Seconds that a token takes at the end of a window by what is kept, if anything is. */
  readonly stepSeconds?: number;
  dispose(): void;
}

/** A network that cannot be asked which token comes next, with why and where. */
export class CannotGenerate extends Error {
  constructor(
    message: string,
    readonly node?: string,
  ) {
    super(message);
    this.name = "CannotGenerate";
  }
}

/** Milliseconds until the rest of the thread gets its turn. */
const longest = 30;

/**
 * Makes a network ready to write, and finds out whether it can keep what it has computed.
 * @param weights one tensor for each of the program's variables, lent
 * @param cache false: computes all again for each token, for comparison
 * @throws CannotGenerate if a node looks at what comes later
 */
export async function createGenerator(program: Program, next: NextToken, weights: readonly tf.Tensor[], cache = true): Promise<Generator> {
  const plan = program.plan([{ path: next.output, port: "x" }]);
  const whole = wholeComputation(plan, next, weights);
  const example = [new Array<number>(next.length).fill(0)];
  if (!(await whole.whole(example)).every(Number.isFinite))
    throw new CannotGenerate("With these weights the network gives numbers that are not finite. Train it again, with a smaller learning rate.");
  const { manners, obstacles } = await findManners(program.checked, plan, next, weights);
  if (obstacles.length > 0) {
    const ahead = await firstToLookAhead(plan, next, weights);
    if (ahead !== undefined)
      throw new CannotGenerate(
        `"${ahead}" looks at tokens that come later, so this network cannot say which comes next. Make it causal, then train again.`,
        ahead,
      );
  }
  const cached = cache && obstacles.length === 0;
  const wholeSeconds = await timeOf(() => whole.whole(example));
  const advancing = createAdvancing(plan, `${next.data}.${next.port}`, weights, manners);
  const stepped = steppedComputation(advancing);
  const stepSeconds = cached && next.length > tries + 1 ? await timeStep(stepped, example) : undefined;
  const model = createLanguageModel(cached ? stepped : whole, { classes: next.classes, context: next.length });
  return { ...model, cached, obstacles, wholeSeconds, ...(stepSeconds !== undefined && { stepSeconds }), dispose: () => advancing.reset() };
}

/** Seconds of the fastest of some tries: others have only been disturbed. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    const begun = performance.now();
    await work();
    least = Math.min(least, (performance.now() - begun) / 1000);
  }
  return least;
}
const tries = 3;

async function timeStep({ whole, step }: Computation, [text = []]: readonly number[][]): Promise<number> {
  await whole([text.slice(tries + 1)]);
  return timeOf(async () => step?.([[0]], [0]));
}

/** All positions each time. What stands after the text is not looked at. */
function wholeComputation(plan: Plan, next: NextToken, weights: readonly tf.Tensor[]): Computation {
  const read = reader();
  return {
    async whole(texts) {
      const size = texts[0]?.length ?? 0;
      const values = new Int32Array(texts.length * next.length);
      for (const [row, text] of texts.entries()) values.set(text, row * next.length);
      return read(
        tf.tidy(() => {
          const tokens = tf.tensor2d(values, [texts.length, next.length], "int32");
          const { outputs } = plan.run(evaluation(next, tokens, weights));
          return tf.slice(outputs[0] as tf.Tensor, [0, size - 1, 0], [-1, 1, -1]);
        }),
      );
    },
  };
}

/** The last position alone, by what is kept of those before. */
function steppedComputation(advancing: ReturnType<typeof createAdvancing>): Computation {
  const read = reader();
  const take = (texts: readonly (readonly number[])[], rows?: readonly number[]) =>
    tf.tidy(() => {
      const logits = advancing.take(tf.tensor2d(texts.flat(), [texts.length, texts[0]?.length ?? 0], "int32"), rows);
      return tf.slice(logits, [0, (logits.shape[1] ?? 1) - 1, 0], [-1, 1, -1]);
    });
  let before = 0;
  return {
    async whole(texts) {
      advancing.reset();
      before = texts.length;
      return read(take(texts));
    },
    async step(texts, rows) {
      const same = rows.length === before && rows.every((row, i) => row === i);
      before = rows.length;
      return read(
        take(
          texts.map((text) => text.slice(-1)),
          same ? undefined : rows,
        ),
      );
    },
  };
}

/** Reads a tensor and frees it; now and then the rest of the thread has its turn. */
function reader(): (logits: tf.Tensor) => Promise<Float32Array> {
  let rested = performance.now();
  return async (logits) => {
    const values = Float32Array.from(await logits.data());
    logits.dispose();
    if (performance.now() - rested > longest) {
      await breathe();
      rested = performance.now();
    }
    return values;
  };
}
