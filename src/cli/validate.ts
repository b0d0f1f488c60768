import { basename } from "node:path";
import { type Command, parse } from "./command.ts";
import { loadDocument, NotADocument } from "./load.ts";
import { formatProblems, type Listed, listProblem } from "./problems.ts";

const help = `netloom validate <document or template> … [--json]

Says whether documents are sound: 0 if all are, else 1 and where each problem is.

  --json   one object a document and line: file, ok, problems
`;

export const validate: Command = {
  name: "validate",
  summary: "say whether documents are sound, and where they are not",
  help,
  async run(args, terminal) {
    const { values, positionals } = parse(args, { json: { type: "boolean" } }, { min: 1, max: 10_000, what: "The document" });
    let sound = true;
    const say = (file: string, ok: boolean, problems: readonly Listed[], text: string): void => {
      sound &&= ok;
      terminal.out(values.json ? `${JSON.stringify({ file, ok, problems })}\n` : `${text}\n`);
    };
    for (const argument of positionals) {
      try {
        const loaded = await loadDocument(argument, terminal);
        const { checkLoaded } = await import("./checked.ts");
        const { ok, problems } = await checkLoaded(loaded, terminal);
        const verdict = `${basename(loaded.path)}: ${ok ? "sound" : "not sound"}`;
        say(loaded.path, ok, problems.map(listProblem), problems.length === 0 ? verdict : `${verdict}\n${formatProblems(problems)}`);
      } catch (error) {
        if (!(error instanceof NotADocument)) throw error;
        say(error.path, false, error.problems, error.message);
      }
    }
    return sound ? 0 : 1;
  },
};
