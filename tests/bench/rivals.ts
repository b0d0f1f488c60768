import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { type ByHand, openByHand } from "./by-hand/trainer.ts";
import type { Fixture } from "./fixture.ts";
import { timeRound } from "./median.ts";
import type { WorkloadName } from "./workloads.ts";

/** Somebody else who trains the same networks: one workload at a time, a round at a time. */
export interface Rival {
  /** Sets a workload up and takes its first steps. @returns their losses, or why it cannot */
  open(name: WorkloadName, fixture: Fixture, path: string): Promise<readonly number[] | Refusal>;
  /** Trains for so long. @returns milliseconds a step */
  round(milliseconds: number): Promise<number>;
  /** Ends the workload. */
  close(): void;
  /** Ends the rival. */
  end(): void;
}

export interface Refusal {
  readonly refused: string;
}

/** What a process of rivals answers; `pytorch.py` and `stock.ts` tell what it is asked. */
const answerSchema = z.union([z.object({ losses: z.array(z.number()) }), z.object({ refused: z.string() }), z.object({ ms: z.number() })]);

/** The networks written by hand in tfjs, in this process and on the backend in use. */
export function byHandRival(): Rival {
  let open: ByHand | undefined;
  const close = () => {
    open?.dispose();
    open = undefined;
  };
  return {
    async open(name, fixture) {
      open = openByHand(name, fixture);
      return open.check();
    },
    async round(milliseconds) {
      if (open === undefined) throw new Error("No workload is open.");
      return timeRound(open.step, milliseconds);
    },
    close,
    end: close,
  };
}

/** The same on tfjs's own WebAssembly backend, which has one thread in Node. */
export const stockRival = (): Rival => processRival(process.execPath, [new URL("bench-stock.js", import.meta.url).pathname]);

/** PyTorch on the processor, or why it is not there. */
export function pytorchRival(): Rival | Refusal {
  const python = "/usr/bin/python3";
  const trial = spawnSync(python, ["-c", "import torch"], { encoding: "utf8" });
  if (trial.error) return { refused: `there is no ${python}.` };
  if (trial.status !== 0) return { refused: `it needs Debian's python3-torch and libopenblas0-pthread (${trial.stderr.trim().split("\n").at(-1)}).` };
  return processRival(python, ["tests/bench/pytorch.py"]);
}

/** A rival in a process of its own, which answers a line for each line. */
function processRival(command: string, args: readonly string[]): Rival {
  const child: ChildProcess = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
  const ask = async (request: object) => {
    child.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error(`${command} ${args.join(" ")} ended without an answer.`);
    return answerSchema.parse(JSON.parse(value));
  };
  return {
    async open(name, _, path) {
      const answer = await ask({ open: name, path });
      if ("refused" in answer) return answer;
      return "losses" in answer ? answer.losses : [];
    },
    async round(milliseconds) {
      const answer = await ask({ round: milliseconds });
      return "ms" in answer ? answer.ms : Number.NaN;
    },
    close() {},
    end: () => void child.kill(),
  };
}
