import { resolve } from "node:path";
import { diskFileSystem } from "../host/atomic.ts";
import { writeExport } from "../host/exports.ts";
import { type Command, Failure, parse, UsageError } from "./command.ts";
import { requireRun } from "./find-run.ts";

const help = `netloom export <run> --format F --out DIR [--json]

Writes a trained model for use elsewhere. <run> is a run's folder, or the id of one of the app's own runs.

  --format F   tfjs: for TensorFlow.js; netloom: the document with its weights
  --out DIR    the folder for the files; others in it stay
  --json       one object: format, folder, files, notes
`;

export const exportModel: Command = {
  name: "export",
  summary: "write a trained model for use elsewhere",
  help,
  async run(args, terminal) {
    const text = { type: "string" } as const;
    const { values, positionals } = parse(args, { format: text, out: text, json: { type: "boolean" } }, { min: 1, max: 1, what: "The run" });
    const [argument = ""] = positionals;
    if (values.out === undefined) throw new UsageError("--out is missing: the folder for the files.");
    const { exportFormats } = await import("../export/formats.ts");
    const ids = exportFormats.map(({ id }) => id).join(", ");
    const format = exportFormats.find(({ id }) => id === values.format);
    if (format === undefined) throw new UsageError(`--format takes one of ${ids}${values.format === undefined ? "" : `, not "${values.format}"`}.`);

    const { trainedModel } = await import("./trained-model.ts");
    const result = await format.write(await trainedModel(requireRun(argument, terminal), terminal));
    if (!result.ok) {
      const lines = result.problems.map(({ node, message }) => `  ${node === undefined ? "" : `${node}: `}${message}`);
      throw new Failure(`This model cannot be written as ${format.title}.\n${lines.join("\n")}`);
    }
    const out = resolve(terminal.folder, values.out);
    const folder = await writeExport(
      { folder: async (path) => path },
      out,
      result.files.map(({ name, bytes }) => [name, bytes]),
      diskFileSystem,
    );
    const names = result.files.map(({ name }) => name);
    if (values.json) terminal.out(`${JSON.stringify({ format: format.id, folder, files: names, notes: result.notes }, null, 2)}\n`);
    else terminal.out(`${format.title}: ${names.join(", ")} in ${folder}\n${result.notes.map((note) => `${note}\n`).join("")}`);
    return 0;
  },
};
