/** `npm run bench`: what a check and a training step cost, each against its rival in the same run; medians over repeats. */
import { cpus } from "node:os";
import { benchChecks } from "./checks.ts";
import { benchRival } from "./rival.ts";
import { benchSteps } from "./steps.ts";

const processor = cpus();
console.log(`${processor.length} × ${processor[0]?.model ?? "unknown processor"}, Node ${process.version}\n`);
console.table(benchChecks());
console.table(await benchSteps());
console.table(await benchRival());
