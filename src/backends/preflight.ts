import { getKernel } from "@tensorflow/tfjs-core";
import { type BackendName, backendTitles } from "./backends.ts";
import { loadTracer, type TracedCall } from "./trace.ts";

export interface MissingKernel {
  /** tfjs's name of the kernel. */
  readonly kernel: string;
  /** Labels of the calls that need it: paths of nodes. */
  readonly labels: readonly string[];
}

/** Kernels of a trace that a backend lacks. The backend must be loaded (`prepareBackend`), or all are missing. */
export function missingKernels(calls: readonly TracedCall[], backend: BackendName): MissingKernel[] {
  const missing = new Map<string, Set<string>>();
  for (const { kernel, label } of calls) {
    if (getKernel(kernel, backend) !== undefined) continue;
    const labels = missing.get(kernel) ?? new Set();
    missing.set(kernel, labels.add(label));
  }
  return [...missing].map(([kernel, labels]) => ({ kernel, labels: [...labels] }));
}

/** Why a run cannot be: in words, with the path of the node if it is one node's fault. */
export interface Refusal {
  readonly message: string;
  readonly node?: string;
  readonly remedy: string;
}

/**
 * Asks before a run whether a backend, which must be loaded, has all kernels for it.
 * @param rehearse calls every kernel of the run once and tells, before, whose it is
 * @returns undefined if nothing is missing
 */
export async function preflight(backend: BackendName, rehearse: (label: (path: string) => void) => void): Promise<Refusal | undefined> {
  const tracer = await loadTracer();
  const { calls } = tracer.trace(({ label }) => rehearse(label), true);
  const [missing, ...others] = missingKernels(calls, backend);
  if (missing === undefined) return undefined;
  const node = missing.labels.find((path) => path !== "");
  const kernels = [missing, ...others].map(({ kernel }) => kernel).join(", ");
  const title = backendTitles[backend];
  return {
    message: `${node === undefined ? "The optimiser" : `"${node}"`} needs what ${title} cannot compute here (${kernels}).`,
    ...(node !== undefined && { node }),
    remedy: "Choose another backend.",
  };
}
