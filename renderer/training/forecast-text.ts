import { formatBytes } from "../../src/tensor/bytes.ts";
import type { Forecast } from "../engine/api.ts";

/** `"Needs about 1.6 GiB (weights 385 MiB, optimiser 771 MiB, step 526 MiB)"`: what is nothing is left out. */
export function needText({ predicted: { weights, slots, copies, step, total } }: Pick<Forecast, "predicted">): string {
  const parts = [
    ["weights", weights],
    ["optimiser", slots],
    ["earlier states", copies],
    ["step", step ?? 0],
  ] as const;
  const listed = parts.filter(([, bytes]) => bytes > 0).map(([name, bytes]) => `${name} ${formatBytes(bytes)}`);
  return `Needs ${step === undefined ? "more than" : "about"} ${formatBytes(total)}${listed.length > 0 ? ` (${listed.join(", ")})` : ""}`;
}

/** What the parts are, and what they were predicted for. */
export const needHelp = ({ backend, batch, predicted: { copies } }: Forecast): string =>
  [
    `Memory that training would take, predicted for ${backendWords[backend] ?? backend} and ${batch === 1 ? "one example" : `${batch.toLocaleString("en")} examples`} a step.`,
    "Optimiser: what it remembers of each weight. Step: activations and gradients.",
    ...(copies > 0 ? ["Earlier states: kept to explain a number that is not finite."] : []),
    "Data sets lie beside it.",
  ].join(" ");

const backendWords: Readonly<Record<string, string>> = { wasm: "the processor (WebAssembly)", webgl: "WebGL", webgpu: "WebGPU" };
