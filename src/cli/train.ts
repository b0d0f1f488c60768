import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BackendName, backendTitles } from "../backends/backends.ts";
import { type Command, type ExitCode, Failure, parse, type Terminal, UsageError, wholeNumber } from "./command.ts";

const help = `netloom train <document or template> [options]

Trains and keeps the run: run.json, document.json, metrics.jsonl, checkpoint.safetensors.
A data set of the document's may be a table (CSV), or PNG pictures in class folders (a folder or a zip), beside it.

  --steps N      steps in all, in place of the document's
  --seed S       in place of the document's
  --batch B      examples a step, in place of the document's
  --recompute    compute activations again instead of keeping them: less memory, more time (wasm)
  --backend B    wasm (default), webgpu, webgl or cpu
  --out DIR      the run's folder (default: one among the app's own runs)
  --from RUN     begin with the weights of another run, where names and shapes agree; the mapping is shown
  --map RULES    how names differ there: "encoder=bert,head=top" (here=there); "=bert" for all, "bert=" for the top
  --freeze       what is carried over whole stands still
  --resume       go on from the checkpoint in --out, or in the run folder given as document
  --json         JSON lines, as where no person looks on

Ctrl-C stops with a checkpoint. 0: trained or stopped; 1: the document has problems or the run failed.
`;

export interface TrainOptions {
  readonly argument: string;
  readonly steps: number | undefined;
  readonly seed: number | undefined;
  readonly batch: number | undefined;
  readonly recompute: boolean;
  readonly backend: BackendName;
  readonly out: string | undefined;
  readonly from: string | undefined;
  readonly map: string;
  readonly freeze: boolean;
  readonly resume: boolean;
  readonly json: boolean;
}

export const train: Command = {
  name: "train",
  summary: "train a document and keep the run",
  help,
  async run(args, terminal): Promise<ExitCode> {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const { values, positionals } = parse(
      args,
      {
        ...{ steps: text, seed: text, batch: text, recompute: flag, backend: text, out: text, resume: flag, json: flag },
        ...{ from: text, map: text, freeze: flag },
      },
      { min: 1, max: 1, what: "The document" },
    );
    const [argument = ""] = positionals;
    const backend = values.backend ?? "wasm";
    if (!isBackend(backend)) throw new UsageError(`--backend takes ${Object.keys(backendTitles).join(", ")}, not "${backend}".`);
    const options: TrainOptions = {
      argument,
      steps: wholeNumber("steps", values.steps, 1, 1_000_000_000),
      seed: wholeNumber("seed", values.seed, 0, 2 ** 32 - 1),
      batch: wholeNumber("batch", values.batch, 1, 100_000),
      recompute: values.recompute === true,
      backend,
      out: values.out === undefined ? undefined : resolve(terminal.folder, values.out),
      from: values.from,
      map: values.map ?? "",
      freeze: values.freeze === true,
      resume: values.resume === true,
      json: values.json === true || !terminal.live,
    };
    if (options.resume && (options.seed !== undefined || options.batch !== undefined))
      throw new UsageError("A run goes on with its own seed and batch: leave --seed and --batch out.");
    if (options.resume && options.from !== undefined) throw new UsageError("A run that goes on has its own weights: leave --from out.");
    if (options.from === undefined && (options.freeze || options.map !== "")) throw new UsageError("--map and --freeze need --from.");
    const { beginRun, resumeRun } = await import("./run.ts");
    return options.resume ? resumeRun(options, resumedFolder(options, terminal), terminal) : beginRun(options, terminal);
  },
};

const isBackend = (name: string): name is BackendName => Object.hasOwn(backendTitles, name);

/** The folder of the run that goes on. */
function resumedFolder({ argument, out }: TrainOptions, terminal: Terminal): string {
  const folder = out ?? resolve(terminal.folder, argument);
  if (existsSync(join(folder, "run.json"))) return folder;
  throw out === undefined
    ? new UsageError("--resume needs the run's folder: give it as --out, or in place of the document.")
    : new Failure(`There is no run in ${out} to go on with.`);
}
