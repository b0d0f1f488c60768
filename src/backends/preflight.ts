import { getKernel } from "@tensorflow/tfjs-core";
import type { BackendName } from "./backends.ts";
import type { TracedCall } from "./trace.ts";

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
