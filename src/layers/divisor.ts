import type { LayerMend } from "./contract.ts";

/** A remedy that sets a parameter to the largest number, not above what it is, that divides a size: heads or groups into which a width goes. */
export function divisorMend(param: string, called: string, wanted: number, size: number): LayerMend {
  let fitting = Math.min(wanted, size);
  while (size % fitting !== 0) fitting--;
  return { kind: "set", label: `Use ${fitting} ${fitting === 1 ? called : `${called}s`}`, params: { [param]: fitting } };
}
