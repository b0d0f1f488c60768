import { type Command, Failure, parse, realNumber, wholeNumber } from "./command.ts";
import { requireRun } from "./find-run.ts";

const help = `netloom generate <run> [options]

Lets a trained network write text. <run> is a run's folder, or the id of one of the app's own runs, of a document that says
which token of a text comes next.

  --prompt TEXT     what it goes on from
  --tokens N        tokens to write, at most (200)
  --temperature T   below 1 the likely gets likelier; 0 takes the most probable token always (0.8)
  --top-k K         draws from the K most probable tokens only
  --top-p P         draws from the most probable tokens that together reach P (the nucleus), 0 to 1
  --beam B          follows the B most probable texts instead of drawing
  --seed S          what is drawn (1)
  --stop TEXT       ends with this text; may be given several times
  --no-cache        computes everything again for each token, for comparison
  --json            one object: prompt, text, tokens, seconds, cached, and each token with what else was probable
`;

export const generateText: Command = {
  name: "generate",
  summary: "let a trained network write text",
  help,
  async run(args, terminal) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = {
      prompt: text,
      tokens: text,
      temperature: text,
      "top-k": text,
      "top-p": text,
      beam: text,
      seed: text,
      stop: { type: "string", multiple: true },
      "no-cache": flag,
      json: flag,
    } as const;
    const { values, positionals } = parse(args, options, { min: 1, max: 1, what: "The run" });
    const [argument = ""] = positionals;
    const { generateDefaults } = await import("../generation/generate.ts");
    const request = {
      prompt: values.prompt ?? "",
      tokens: wholeNumber("tokens", values.tokens, 1, 100_000) ?? generateDefaults.tokens,
      temperature: realNumber("temperature", values.temperature, 0, 100) ?? generateDefaults.temperature,
      topK: wholeNumber("top-k", values["top-k"], 1, 1_000_000) ?? generateDefaults.topK,
      topP: realNumber("top-p", values["top-p"], 0, 1) ?? generateDefaults.topP,
      beam: wholeNumber("beam", values.beam, 1, 64) ?? generateDefaults.beam,
      seed: wholeNumber("seed", values.seed, 0, 2 ** 32 - 1) ?? generateDefaults.seed,
      stops: values.stop ?? [],
    };
    const { openWriter } = await import("./open-writer.ts");
    const writer = await openWriter(requireRun(argument, terminal), values["no-cache"] !== true, terminal);
    try {
      const pieces: { readonly text: string; readonly probability: number; readonly best: readonly object[] }[] = [];
      const streams = !values.json && request.beam === 1;
      if (streams) terminal.out(request.prompt);
      const written = await writer.write(request, {
        stopped: () => terminal.interrupted.aborted,
        onPieces(from, added) {
          pieces.splice(from, pieces.length, ...added);
          if (streams) terminal.out(added.map((piece) => piece.text).join(""));
        },
      });
      if (values.json) {
        const { cached, obstacles } = writer;
        terminal.out(`${JSON.stringify({ prompt: request.prompt, ...written, cached, obstacles, pieces }, null, 2)}\n`);
      } else {
        terminal.out(streams ? "\n" : `${request.prompt}${written.text}\n`);
        terminal.error(`${summary(written, writer)}\n`);
      }
      return 0;
    } catch (error) {
      throw error instanceof Error ? new Failure(error.message) : error;
    } finally {
      writer.dispose();
    }
  },
};

interface Facts {
  readonly cached: boolean;
  readonly obstacles: readonly string[];
  readonly wholeSeconds: number;
  readonly stepSeconds?: number;
}

function summary(written: { readonly tokens: number; readonly seconds: number; readonly unknown: readonly string[] }, facts: Facts): string {
  const each = written.seconds / Math.max(1, written.tokens);
  const lines = [`${written.tokens} tokens in ${written.seconds.toFixed(1)} s, ${(1000 * each).toFixed(1)} ms each.`];
  const { stepSeconds: step, wholeSeconds: whole } = facts;
  if (step !== undefined)
    lines.push(
      `What was computed of earlier tokens is kept: ${(1000 * step).toFixed(1)} ms a token instead of ${(1000 * whole).toFixed(1)}, ${(whole / step).toFixed(1)} times as fast.`,
    );
  else if (facts.obstacles.length > 0)
    lines.push(
      `Everything is computed again for each token: ${facts.obstacles.map((path) => `"${path}"`).join(", ")} cannot take tokens as they come.`,
    );
  if (written.unknown.length > 0)
    lines.push(`The network has no token for ${written.unknown.map((one) => `"${one}"`).join(", ")}: left out of the prompt.`);
  return lines.join("\n");
}
