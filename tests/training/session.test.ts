import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { Training } from "../../src/document/schema.ts";
import { createSession, type Session, type SessionOptions } from "../../src/training/session.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import type { RunEvent } from "../../src/training/types.ts";
import { classifier, clouds, documentOf, node, numbersOf, trainerOf, wires } from "./documents.ts";

beforeAll(() => prepareBackend("cpu"));

const phases: Training["phases"] = [{ minimise: "loss", optimiser: { type: "adam", rate: 0.02 } }];

/** A session whose clock ticks one millisecond at every look, and what it told. */
function sessionOf(trainer: Trainer, more: Partial<SessionOptions> & { onEvent?: (event: RunEvent, session: Session) => void } = {}) {
  const events: RunEvent[] = [];
  let clock = 0;
  const session: Session = createSession({
    trainer,
    now: () => clock++,
    emit(event) {
      events.push(event);
      more.onEvent?.(event, session);
    },
    ...more,
  });
  const of = <K extends RunEvent["kind"]>(kind: K) => events.filter((event): event is Extract<RunEvent, { kind: K }> => event.kind === kind);
  return { session, events, of, states: () => of("state").map(({ state }) => state) };
}

describe("a session", () => {
  it("runs to the last step, tells curves, previews, progress, and leaves a checkpoint of the end", async () => {
    const trainer = trainerOf(classifier({ phases, stop: { steps: 60 }, evaluateEvery: 20 }));
    const { session, of, states } = sessionOf(trainer);
    await session.run();
    expect(states()).toEqual(["running", "finished"]);
    expect(trainer.step).toBe(60);
    const rows = of("metrics").flatMap((event) => event.rows);
    const tests = rows.filter((row) => row.split === "test");
    expect(tests.map((row) => row.step)).toEqual([20, 40, 60]);
    expect(tests.at(-1)?.step).toBe(60);
    expect(Object.keys(tests[0]?.values ?? {}).sort()).toEqual(["accuracy", "loss"]);
    expect(rows.find((row) => row.split === "train" && "loss" in row.values)?.values.rate).toBe(0.02);
    expect(rows.at(-1)?.epoch).toBe(12);
    expect(of("progress").at(-1)?.progress).toMatchObject({ step: 60, steps: 60, secondsLeft: 0 });
    expect(of("previews").at(-1)?.frames[0]).toMatchObject({ node: "look", step: 60 });
    expect(of("checkpoint").at(-1)?.step).toBe(60);
    trainer.dispose();
  });

  it("reads losses about ten times a second of its clock, not at every step", async () => {
    const trainer = trainerOf(classifier({ phases, stop: { steps: 300 }, evaluateEvery: 1000 }, []));
    const { session, of } = sessionOf(trainer);
    await session.run();
    const reads = of("metrics").filter((event) => event.rows.some((row) => "rate" in row.values)).length;
    expect(reads).toBeGreaterThan(2);
    expect(reads).toBeLessThan(40);
    trainer.dispose();
  });

  it("pauses with a checkpoint, steps once at a time, resumes, and ends with the numbers of a run left alone", async () => {
    const document = classifier({ phases, stop: { steps: 30 } });
    const [steered, alone] = [trainerOf(document), trainerOf(document)];
    let pauses = 0;
    const seen: number[] = [];
    const { session, states, of } = sessionOf(steered, {
      pauseAfter: 10,
      onEvent(event, self) {
        if (event.kind === "state" && event.state === "paused") {
          pauses++;
          seen.push(steered.step);
          queueMicrotask(() => self.stepOnce());
        }
        if (event.kind === "progress" && pauses === 1 && event.progress.step > 10) {
          seen.push(event.progress.step);
          if (event.progress.step < 13) setImmediate(() => self.stepOnce());
          else if (event.progress.step === 13) setImmediate(() => self.resume());
        }
      },
    });
    await session.run();
    await sessionOf(alone).session.run();
    expect(states()).toEqual(["running", "paused", "running", "finished"]);
    expect(seen.slice(0, 4)).toEqual([10, 11, 12, 13]);
    expect(of("checkpoint")[0]?.step).toBe(10);
    expect(await numbersOf(steered)).toEqual(await numbersOf(alone));
    steered.dispose();
    alone.dispose();
  });

  it("stops where it is, running or paused, with a checkpoint", async () => {
    for (const pauseAfter of [undefined, 5]) {
      const trainer = trainerOf(classifier({ phases, stop: { steps: 1_000_000 } }));
      const { session, states, of } = sessionOf(trainer, {
        ...(pauseAfter !== undefined && { pauseAfter }),
        onEvent(event, self) {
          if (event.kind === (pauseAfter === undefined ? "progress" : "state")) setImmediate(() => self.stop());
        },
      });
      await session.run();
      expect(states().at(-1)).toBe("stopped");
      expect(of("checkpoint").at(-1)?.step).toBe(trainer.step);
      trainer.dispose();
    }
  });

  it("gives checkpoints as often as the document says, and when asked", async () => {
    const trainer = trainerOf(classifier({ phases, stop: { steps: 30 }, checkpointEvery: 10 }));
    const { session, of } = sessionOf(trainer);
    session.checkpoint();
    await session.run();
    const steps = of("checkpoint").map((event) => event.step);
    expect(steps.slice(-3)).toEqual([10, 20, 30]);
    expect(steps.length).toBe(4);
    trainer.dispose();
  });

  it("fails with the node's name when a number is no longer finite", async () => {
    const document = documentOf(
      [
        node("data", "dataset", { name: "clouds" }),
        node("a", "dense", { units: 4 }),
        node("b", "dense", { units: 2 }),
        node("loss", "loss.squared-error"),
      ],
      wires("data.x > a.x", "a.y > b.x", "b.y > loss.x", "data.x > loss.target"),
      { batch: 10, phases: [{ minimise: "loss", optimiser: { type: "sgd", rate: 100 } }], stop: { steps: 500 } },
    );
    const trainer = trainerOf(document);
    const { session, of } = sessionOf(trainer);
    await session.run();
    const last = of("state").at(-1);
    expect(last?.state).toBe("failed");
    expect(["a", "b", "loss"]).toContain(last?.failure?.node);
    trainer.dispose();
  });

  it("fails naming the data set when that holds NaN in held-out examples only", async () => {
    const dataset = clouds();
    (dataset.splits.test.ports.x as Float32Array)[3] = Number.NaN;
    const trainer = trainerOf(classifier({ phases, stop: { steps: 50 } }), { dataset });
    const { session, of } = sessionOf(trainer);
    await session.run();
    expect(of("state").at(-1)).toMatchObject({ state: "failed", failure: { node: "data" } });
    trainer.dispose();
  });

  it("counts seconds on from those of the run that it continues", async () => {
    const trainer = trainerOf(classifier({ phases, stop: { steps: 5 } }));
    const { session, of } = sessionOf(trainer, { seconds: 100 });
    await session.run();
    for (const { seconds } of of("metrics").flatMap((event) => event.rows)) expect(seconds).toBeGreaterThanOrEqual(100);
    trainer.dispose();
  });
});
