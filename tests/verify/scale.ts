import { prepareBackend } from "../../src/backends/backends.ts";
import { heapLimit } from "../../src/backends/kernels/heap.ts";
import { tensorRoom } from "../../src/backends/room.ts";
import { createInferEnv } from "../../src/data/catalogue.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { formatBytes } from "../../src/tensor/bytes.ts";
import { predictMemory } from "../../src/training/memory.ts";
import { createTrainer } from "../../src/training/trainer.ts";
import { builtKernels } from "../support/kernels.ts";
import { loadDatasets, openTemplate } from "../support/templates.ts";

/** `tiny-gpt` as a GPT of a hundred million parameters: eight blocks, 1,024 wide. */
function largeGpt(recompute: boolean): NetloomDocument {
  const { document } = openTemplate("tiny-gpt");
  const nodes = document.nodes.map((node) => {
    if (node.id === "tokens") return { ...node, params: { ...node.params, width: 1024 } };
    return node.id === "blocks" ? { ...node, params: { width: 1024, heads: 16, repeat: 8 } } : node;
  });
  const phases = [{ minimise: "loss", optimiser: { type: "adam", rate: 1e-5 } } as const];
  return { ...document, nodes, training: { ...document.training, batch: 8, phases, recompute } };
}

/**
 * Trains a network of a hundred million parameters for a few steps on the processor, and compares what its tensors take with what
 * was predicted.
 * @returns false if a prediction is off by more than a tenth, the loss is not finite, or recomputation changes it
 */
export async function verifyScale(steps = 4): Promise<boolean> {
  await prepareBackend("wasm", { kernels: builtKernels });
  let good = true;
  const finals: number[] = [];
  for (const recompute of [false, true]) {
    const document = largeGpt(recompute);
    const checked = checkDocument(document, registry, createInferEnv());
    const datasets = await loadDatasets({ document, checked });
    const before = tensorRoom();
    const trainer = createTrainer({ document, checked, datasets });
    const predicted = await predictMemory(trainer.program, trainer.plan, { backend: "wasm", batch: trainer.batch, recompute });
    const losses: number[] = [];
    let seconds = Number.POSITIVE_INFINITY;
    let resident = 0;
    for (let i = 0; i < steps; i++) {
      const begun = performance.now();
      trainer.trainStep();
      losses.push((await trainer.readLosses()).loss ?? Number.NaN);
      seconds = Math.min(seconds, (performance.now() - begun) / 1000);
      resident = Math.max(resident, process.memoryUsage().rss);
    }
    const used = before - tensorRoom();
    trainer.dispose();
    console.log(
      `${checked.totals.parameters.toLocaleString("en")} parameters, Adam, batch ${trainer.batch}${recompute ? ", activations recomputed" : ""}: ` +
        `predicted ${formatBytes(predicted.total)} (weights ${formatBytes(predicted.weights)}, slots ${formatBytes(predicted.slots)}, step ${formatBytes(predicted.step ?? 0)}), ` +
        `used ${formatBytes(used)} of ${formatBytes(heapLimit)}, process ${formatBytes(resident)}, ${seconds.toFixed(1)} s a step, ` +
        `loss ${losses.map((loss) => loss.toFixed(3)).join(" → ")}`,
    );
    const last = losses.at(-1) ?? Number.NaN;
    finals.push(last);
    if (Math.abs(used / predicted.total - 1) > 0.1 || !Number.isFinite(last)) good = false;
  }
  return good && finals[0] === finals[1];
}
