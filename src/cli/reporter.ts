import type { RunRecord } from "../host/contract.ts";
import type { Progress, RunEvent } from "../training/types.ts";
import type { Terminal } from "./command.ts";

/** Tells of a run while it goes: a bar for a person, JSON lines for a program. */
export interface Reporter {
  start(record: RunRecord, folder: string): void;
  receive(event: RunEvent): void;
  end(record: RunRecord): void;
}

/** One JSON object a line: `start`, then `metrics` (a row each) and `progress`, then `end` with state and figures. */
export function jsonReporter(terminal: Terminal): Reporter {
  const say = (line: object) => terminal.out(`${JSON.stringify(line)}\n`);
  let folder = "";
  return {
    start({ id, document, backend, seed, batch, step, steps, parameters }, path) {
      folder = path;
      say({ kind: "start", run: id, folder, document, backend, seed, batch, step, steps, parameters });
    },
    receive(event) {
      if (event.kind === "metrics") for (const row of event.rows) say({ kind: "metrics", ...row });
      if (event.kind === "progress") say({ kind: "progress", ...event.progress });
    },
    end: ({ id, state, reason, node, step, seconds, figures }) =>
      say({ kind: "end", run: id, folder, state, ...(reason && { reason }), ...(node && { node }), step, seconds, figures }),
  };
}

const barWidth = 28;

export function barReporter(terminal: Terminal): Reporter {
  let latest: Readonly<Record<string, number>> = {};
  const draw = ({ step, steps, stepsPerSecond, secondsLeft }: Progress): void => {
    const done = Math.round((barWidth * step) / steps);
    const bar = `${"━".repeat(done)}${"─".repeat(barWidth - done)}`;
    const figures = Object.entries(latest).map(([name, value]) => `${name} ${formatFigure(value)}`);
    const line = [`${bar} ${step}/${steps}`, `${Math.round(stepsPerSecond)} steps/s`, `${formatSeconds(secondsLeft)} left`, ...figures].join("  ");
    terminal.progress(line.slice(0, terminal.columns - 1));
  };
  return {
    start({ name, document, parameters, steps, backend }, folder) {
      terminal.error(`${document}: ${parameters.toLocaleString("en")} parameters, ${steps.toLocaleString("en")} steps on ${backend}\n`);
      terminal.error(`${name} is kept in ${folder}. Ctrl-C stops with a checkpoint.\n`);
    },
    receive(event) {
      if (event.kind === "metrics") latest = Object.assign({ ...latest }, ...event.rows.map(shown));
      if (event.kind === "progress") draw(event.progress);
    },
    end({ state, reason, node, step, seconds, figures }) {
      terminal.progress("");
      terminal.out(`${state} after ${step.toLocaleString("en")} steps and ${formatSeconds(seconds)}\n`);
      for (const [name, value] of Object.entries(figures)) terminal.out(`  ${name.padEnd(28)} ${formatFigure(value)}\n`);
      if (reason) terminal.error(`${node ? `${node}: ` : ""}${reason}\n`);
    },
  };
}

const shown = ({ split, values }: { readonly split: string; readonly values: Readonly<Record<string, number>> }) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${split}/${name}`, value]));

const formatFigure = (value: number): string => (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5 ? value.toFixed(4) : value.toPrecision(3));

function formatSeconds(seconds: number): string {
  if (seconds < 59.5) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
