import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { listTemplates } from "../host/assets.ts";
import { writeAtomic } from "../host/atomic.ts";
import { findInstallation } from "../host/install.ts";
import { type Command, parse, UsageError } from "./command.ts";
import { formatTable } from "./table.ts";

const help = `netloom templates [id] [options]

Lists the templates, or copies one to begin from.

  --out FILE   where the template goes
  --json       the list as JSON
`;

export const templates: Command = {
  name: "templates",
  summary: "list the templates, or copy one to begin from",
  help,
  async run(args, terminal) {
    const { values, positionals } = parse(args, { out: { type: "string" }, json: { type: "boolean" } }, { min: 0, max: 1, what: "" });
    const list = await listTemplates(findInstallation().assets.templates);
    const [id] = positionals;
    if (id === undefined) {
      if (values.out !== undefined) throw new UsageError("--out needs the name of a template before it.");
      const rows = list.map((entry) => [entry.id, entry.name, entry.about?.chapter ?? ""]);
      const described = list.map(({ id, name, about }) => ({ id, name, ...(about === undefined ? {} : { about }) }));
      terminal.out(values.json ? `${JSON.stringify(described, null, 2)}\n` : formatTable(["id", "name", "book"], rows));
      return 0;
    }
    const template = list.find((entry) => entry.id === id);
    if (template === undefined) throw new UsageError(`There is no template "${id}". There are: ${list.map((entry) => entry.id).join(", ")}.`);
    const text = await readFile(template.path, "utf8");
    if (values.out === undefined) terminal.out(text);
    else {
      await writeAtomic(resolve(terminal.folder, values.out), text);
      terminal.error(`${template.name} is in ${values.out}.\n`);
    }
    return 0;
  },
};
