import { HostError } from "../host/contract.ts";
import { findInstallation } from "../host/install.ts";
import { analyseCommand } from "./analyse.ts";
import { type Command, type ExitCode, Failure, type Terminal, UsageError } from "./command.ts";
import { exportModel } from "./export.ts";
import { generateText } from "./generate.ts";
import { inspect } from "./inspect.ts";
import { layers } from "./layers.ts";
import { serve } from "./serve.ts";
import { templates } from "./templates.ts";
import { train } from "./train.ts";
import { validate } from "./validate.ts";

export const commands: readonly Command[] = [inspect, validate, train, analyseCommand, generateText, exportModel, templates, layers, serve];

const overview = (): string => `netloom: draw neural networks as node graphs, train them while you watch, take the model away.

Usage: netloom <command> [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join("\n")}

  netloom <command> --help   how a command is used
  netloom --version          the version

Where a document is asked for, the name of a template is taken too, except by serve: netloom inspect mnist1d-conv
Exit codes: 0 fine, 1 the document has problems or the run failed, 2 wrong usage.
`;

/** Runs one command line. @returns its exit code; nothing is thrown for what a person can mend. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    terminal.out(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-v") {
    terminal.out(`${findInstallation().version}\n`);
    return 0;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    terminal.error(`netloom has no command "${name}". There are: ${commands.map((one) => one.name).join(", ")}.\n`);
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.error(`netloom ${name}: ${error.message}\nHow it is used: netloom ${name} --help\n`);
      return 2;
    }
    if (error instanceof Failure || error instanceof HostError) {
      terminal.error(`netloom ${name}: ${error.message}\n`);
      return 1;
    }
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.error(`netloom ${name}: this is a fault of Netloom itself; please report it with the lines below.\n${trace}\n`);
    return 1;
  }
}
