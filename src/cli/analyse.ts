import { mkdir, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Analysis } from "../document/schema.ts";
import { type Command, Failure, parse, type Terminal, UsageError } from "./command.ts";
import { formatTable } from "./table.ts";

const help = `netloom analyse <run, document or template> [options]

Makes the analyses that the document lists: variance per block, correlation of gradients, a slice of the loss, what units respond to …
A run is looked at as it was trained, a document with its first weights.

  --only NAME   one of them, by its name or type
  --out DIR     writes analyses.json and a PNG for each grid of pictures and each surface
  --json        one object: analyses, each with name, type, figures and findings
`;

export const analyseCommand: Command = {
  name: "analyse",
  summary: "look into a network: variances, gradients, loss surface, features",
  help,
  async run(args, terminal) {
    const text = { type: "string" } as const;
    const { values, positionals } = parse(
      args,
      { only: text, out: text, json: { type: "boolean" } },
      { min: 1, max: 1, what: "The run or document" },
    );
    const { openSubject } = await import("./subject.ts");
    const { subject, document } = await openSubject(positionals[0] ?? "", terminal);
    try {
      const wanted = chosen(document.analyses ?? [], values.only, document.name);
      const { analyse } = await import("../analysis/analyse.ts");
      const { AnalysisError } = await import("../analysis/types.ts");
      const results = [];
      for (const analysis of wanted) {
        try {
          results.push(await analyse(subject, analysis));
        } catch (error) {
          if (error instanceof AnalysisError) throw new Failure(`${analysis.name ?? analysis.type}: ${error.message}`);
          throw error;
        }
      }
      if (values.out !== undefined) await write(resolve(terminal.folder, values.out), results, terminal, values.json === true);
      if (values.json) terminal.out(`${JSON.stringify({ analyses: results.map(plain) }, null, 2)}\n`);
      else {
        const rows = results.flatMap(({ name, figures }) =>
          Object.entries(figures).map(([figure, value]) => [name, figure, String(Number(value.toPrecision(4)))]),
        );
        if (rows.length > 0) terminal.out(formatTable(["analysis", "figure", "value"], rows, [2]));
        for (const { name, findings } of results)
          for (const finding of findings) if (finding.kind === "table") terminal.out(`\n${name}: ${finding.title}\n${tableText(finding)}`);
        const pictures = results.filter(({ figures }) => Object.keys(figures).length === 0);
        for (const { name } of pictures) terminal.out(`${name}: pictures only; --out writes them.\n`);
      }
      return 0;
    } finally {
      subject.dispose();
    }
  },
};

type Table = Extract<import("../analysis/types.ts").Finding, { kind: "table" }>;
type Results = readonly import("../analysis/types.ts").AnalysisResult[];

function chosen(all: readonly Analysis[], only: string | undefined, document: string): readonly Analysis[] {
  if (all.length === 0) throw new Failure(`${document} lists no analyses. Add them in the app under Look inside, or as "analyses" in the document.`);
  const found = only === undefined ? all : all.filter(({ name, type }) => name === only || type === only);
  if (found.length > 0) return found;
  throw new UsageError(`--only takes one of ${all.map(({ name, type }) => name ?? type).join(", ")}, not "${only}".`);
}

function tableText({ columns, rows }: Table): string {
  const text = rows.map((row) => row.map((cell) => (typeof cell === "number" ? String(Number(cell.toPrecision(3))) : cell)));
  const numeric = columns.flatMap((_, i) => (rows.some((row) => typeof row[i] === "number") ? [i] : []));
  return formatTable([...columns], text, numeric);
}

/** With plain lists in place of typed arrays. */
const plain = (result: Results[number]) => ({
  ...result,
  findings: result.findings.map((finding) => ("values" in finding ? { ...finding, values: [...finding.values] } : finding)),
});

async function write(folder: string, results: Results, terminal: Terminal, quiet: boolean): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { findingPicture } = await import("./finding-picture.ts");
  const files = [["analyses.json", JSON.stringify({ analyses: results.map(plain) })] as const];
  const pictures = results.flatMap(({ name, findings }, at) =>
    findings.flatMap((finding, i) => {
      const bytes = findingPicture(finding);
      return bytes ? [[`${at + 1}-${name}${findings.length > 1 ? `-${i + 1}` : ""}.png`, bytes] as const] : [];
    }),
  );
  for (const [name, content] of [...files, ...pictures]) await writeFile(join(folder, basename(name)), content);
  if (!quiet) terminal.out(`${[...files, ...pictures].map(([name]) => name).join(", ")} in ${folder}\n`);
}
