import { renewBackend } from "../backends/backends.ts";
import { dawn } from "../backends/dawn.ts";
import { watchDevice } from "../backends/watch-device.ts";
import type { RunRecord } from "../host/contract.ts";
import type { RunFolder } from "../host/run-folder.ts";
import { createSession, type Session } from "../training/session.ts";
import type { Trainer } from "../training/trainer.ts";
import type { RunEvent } from "../training/types.ts";
import type { ExitCode, Terminal } from "./command.ts";
import { createRecording } from "./recording.ts";
import { barReporter, jsonReporter } from "./reporter.ts";
import type { TrainOptions } from "./train.ts";

/** Times that a lost graphics device is got again before a run is given up, and milliseconds in which a loss makes itself known. */
const chances = 3;
const patience = 500;

/**
 * Trains a run to its end and writes it down. Where the graphics device is lost, it goes on from the last checkpoint on a new one.
 * @param make makes a trainer at the run's beginning
 * @param first one that may stand anywhere; it is disposed of here, as all others
 */
export async function conduct(
  make: () => Trainer,
  first: Trainer,
  begun: RunRecord,
  folder: RunFolder,
  options: TrainOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const reporter = options.json ? jsonReporter(terminal) : barReporter(terminal);
  let session: Session | undefined;
  const recording = createRecording(folder, begun, () => session?.stop());
  const tell = (event: RunEvent) => {
    recording.receive(event);
    reporter.receive(event);
  };
  const stop = () => session?.stop();
  terminal.interrupted.addEventListener("abort", stop);
  reporter.start(begun, folder.path);
  let trainer = first;
  let checkpoint = await folder.checkpoint();
  try {
    for (let chance = chances; ; chance--) {
      const device = new Promise<"lost">((lost) => watchDevice(() => lost("lost")));
      let failure: RunEvent | undefined;
      let over = false;
      session = createSession({
        trainer,
        seconds: recording.record.seconds,
        emit(event) {
          if (over) return;
          if (event.kind === "checkpoint") checkpoint = event.bytes;
          // Whether the graph or the device is at fault is seen a moment later.
          if (event.kind === "state" && event.state === "failed") failure = event;
          else tell(event);
        },
      });
      if (terminal.interrupted.aborted) stop();
      const ended = session.run();
      let outcome = await Promise.race([device, ended]);
      if (failure) outcome = await Promise.race([device, wait(patience)]);
      over = true;
      if (outcome !== "lost" || chance === 0 || terminal.interrupted.aborted) {
        if (failure) tell(failure);
        else if (outcome === "lost") tell({ kind: "state", state: "failed", failure: { message: "The graphics device was lost, again and again." } });
        break;
      }
      terminal.error("The graphics device was lost. The run goes on from its last checkpoint on a new one.\n");
      trainer.dispose();
      await renewBackend(options.backend, { gpu: dawn });
      trainer = make();
      if (checkpoint) trainer.restore(checkpoint);
      await recording.settle();
      await folder.replaceMetrics(rowsUntil(await folder.metrics(), trainer.step));
    }
    await recording.settle();
  } finally {
    terminal.interrupted.removeEventListener("abort", stop);
    trainer.dispose();
  }
  reporter.end(recording.record);
  return recording.record.state === "failed" ? 1 : 0;
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Rows of a metrics file up to a step: those after the checkpoint are done again. */
export function rowsUntil(metrics: string, step: number): string {
  const kept = metrics.split("\n").filter((line) => {
    try {
      return line !== "" && JSON.parse(line).step <= step;
    } catch {
      return false;
    }
  });
  return kept.length === 0 ? "" : `${kept.join("\n")}\n`;
}
