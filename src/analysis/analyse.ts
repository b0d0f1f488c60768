import type { Analysis } from "../document/schema.ts";
import { activationMaximisation } from "./activation-maximisation.ts";
import { deconvolution } from "./deconvolution.ts";
import { networkDissection } from "./dissection.ts";
import { featureMaps } from "./feature-maps.ts";
import { networkInversion } from "./inversion.ts";
import { lossSurface } from "./loss-surface.ts";
import { saliency } from "./saliency.ts";
import { gradientCorrelation } from "./shattered-gradients.ts";
import type { Subject } from "./subject.ts";
import type { AnalysisResult, Found } from "./types.ts";
import { variancePerBlock } from "./variance.ts";

type Progress = (done: number) => Promise<void>;

/**
 * Looks into a network.
 * @param progress told how much is done, from 0 to 1, where it takes a while; may reject to give up
 * @throws AnalysisError in words for people if it cannot be made; NodeFailure if a node could not run
 */
export async function analyse(subject: Subject, analysis: Analysis, progress: Progress = async () => undefined): Promise<AnalysisResult> {
  return { name: analysis.name ?? analysis.type, type: analysis.type, ...(await find(subject, analysis, progress)) };
}

/** Defaults of all settings stand here. */
function find(subject: Subject, analysis: Analysis, progress: Progress): Found | Promise<Found> {
  switch (analysis.type) {
    case "variance":
      return variancePerBlock(subject, { blocks: analysis.blocks, examples: analysis.examples ?? 256 });
    case "gradient-correlation": {
      const { outputs, low = -2, high = 2, points = 257, networks = 10 } = analysis;
      return gradientCorrelation(subject, { outputs, low, high, points, networks });
    }
    case "loss-surface": {
      const { loss, span = 1, points = 21, examples = 256 } = analysis;
      return lossSurface(subject, { loss, span, points, examples }, progress);
    }
    case "activation-maximisation": {
      const { output, channels, steps = 128, smooth = 1, jitter = 2, starts = 3 } = analysis;
      return activationMaximisation(subject, { output, channels, steps, smooth, jitter, starts }, progress);
    }
    case "inversion": {
      const { outputs, examples = 6, steps = 200, smooth = 0.01 } = analysis;
      return networkInversion(subject, { outputs, examples, steps, smooth }, progress);
    }
    case "feature-maps":
      return featureMaps(subject, { output: analysis.output, example: analysis.example ?? 0 });
    case "saliency":
      return saliency(subject, { output: analysis.output, examples: analysis.examples ?? 8 });
    case "dissection": {
      const { output, top = 0.05, examples = 100 } = analysis;
      return networkDissection(subject, { output, top, examples }, progress);
    }
    case "deconvolution": {
      const { output, channels, best = 4, examples = 256 } = analysis;
      return deconvolution(subject, { output, channels, best, examples }, progress);
    }
  }
  analysis satisfies never;
}
