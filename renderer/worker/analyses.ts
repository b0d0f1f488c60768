import { analyse } from "../../src/analysis/analyse.ts";
import { createSubject, type Subject } from "../../src/analysis/subject.ts";
import { NodeFailure } from "../../src/compiler/failure.ts";
import { plannedDatasets } from "../../src/graph/training.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import { decodeCheckpoint } from "../../src/training/checkpoint.ts";
import { breathe } from "../../src/training/pacing.ts";
import type { AnalysisOutcome, EngineApi } from "../engine/api.ts";
import type { WorkerBackends } from "./backends.ts";
import type { WorkerData } from "./data-client.ts";
import { prepareDocument } from "./prepare.ts";

class Cancelled extends Error {}

/** The worker's share of looking inside: the data, the weights, one analysis at a time, between the steps of a run. */
export function createWorkerAnalyses(data: WorkerData, backends: WorkerBackends): Pick<EngineApi, "analyse" | "cancelAnalysis"> {
  let current = 0;
  return {
    async analyse({ document: text, analysis, checkpoint }, onProgress): Promise<AnalysisOutcome> {
      const own = ++current;
      const prepared = prepareDocument(text, data);
      if (!prepared.ok) return prepared;
      const { document, checked } = prepared;
      let subject: Subject | undefined;
      const goOn = async (done: number) => {
        onProgress(done);
        await breathe();
        if (current !== own) throw new Cancelled();
      };
      try {
        const seed = document.training?.seed ?? 1;
        const datasets = new Map<string, Dataset>();
        for (const { path, name, options, validation } of plannedDatasets(checked))
          datasets.set(path, await data.load({ name, options, validation, seed }));
        await backends.ready();
        await goOn(0);
        const weights = checkpoint && decodeCheckpoint(checkpoint).weights;
        subject = createSubject({ document, checked, datasets, seed, ...(weights && { weights }) });
        return { ok: true, result: await analyse(subject, analysis, goOn) };
      } catch (error) {
        if (error instanceof Cancelled) return { ok: false, message: "Given up.", cancelled: true };
        if (error instanceof NodeFailure) return { ok: false, message: error.message, node: error.path };
        return { ok: false, message: error instanceof Error ? error.message : String(error) };
      } finally {
        subject?.dispose();
      }
    },
    async cancelAnalysis() {
      current++;
    },
  };
}
