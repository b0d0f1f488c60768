import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExitCode, Terminal } from "../../src/cli/command.ts";
import { runCommand } from "../../src/cli/main.ts";

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly error: string;
}

/** A folder and a home of its own to run commands in. */
export interface Bench {
  readonly folder: string;
  readonly home: string;
  file(name: string, content: string | object): Promise<string>;
  run(...args: string[]): Promise<Ran>;
  /** The same, interrupted as by Ctrl-C when `when` finds what it waits for in the output. */
  interrupt(when: RegExp, ...args: string[]): Promise<Ran>;
  dispose(): Promise<void>;
}

export async function createBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), "netloom-cli-"));
  const home = join(folder, "home");
  const run = async (args: readonly string[], when?: RegExp): Promise<Ran> => {
    const said = { out: "", error: "" };
    const interrupt = new AbortController();
    const say = (channel: "out" | "error") => (text: string) => {
      said[channel] += text;
      if (when?.test(said.out + said.error)) interrupt.abort();
    };
    const terminal: Terminal = {
      out: say("out"),
      error: say("error"),
      progress: say("error"),
      live: false,
      columns: 80,
      interrupted: interrupt.signal,
      folder,
      environment: { ...process.env, NETLOOM_HOME: home },
    };
    return { code: await runCommand(args, terminal), ...said };
  };
  return {
    folder,
    home,
    async file(name, content) {
      const path = join(folder, name);
      await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
      return path;
    },
    run: (...args) => run(args),
    interrupt: (when, ...args) => run(args, when),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Moons through one hidden layer: 2·8+8 + 8·2+2 = 42 parameters, 32 multiply-adds. */
export const moons = {
  netloom: 1,
  name: "Two moons",
  nodes: [
    { id: "data", type: "dataset", params: { name: "moons" } },
    { id: "hidden", type: "dense", params: { units: 8 } },
    { id: "relu", type: "relu" },
    { id: "linear", type: "dense", params: { units: 2 } },
    { id: "output", type: "output" },
    { id: "loss", type: "loss.cross-entropy" },
    { id: "accuracy", type: "metric.accuracy" },
  ],
  edges: [
    { from: "data.x", to: "hidden.x" },
    { from: "hidden.y", to: "relu.x" },
    { from: "relu.y", to: "linear.x" },
    { from: "linear.y", to: "output.x" },
    { from: "linear.y", to: "loss.x" },
    { from: "data.label", to: "loss.label" },
    { from: "linear.y", to: "accuracy.x" },
    { from: "data.label", to: "accuracy.label" },
  ],
  training: { seed: 3, batch: 20, stop: { steps: 40 }, evaluateEvery: 10 },
};
