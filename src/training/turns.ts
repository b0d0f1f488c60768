/** Which phase has its turn at a step, and how many updates it has made before. */
export interface Turn {
  readonly phase: number;
  readonly update: number;
}

/** Phases take turns of `steps` each, over and over. */
export function turnAt(phases: readonly { readonly steps: number }[], step: number): Turn {
  const cycle = phases.reduce((sum, { steps }) => sum + steps, 0);
  const rounds = Math.floor(step / cycle);
  let rest = step - rounds * cycle;
  for (const [phase, { steps }] of phases.entries()) {
    if (rest < steps) return { phase, update: rounds * steps + rest };
    rest -= steps;
  }
  throw new Error("There are no phases.");
}
