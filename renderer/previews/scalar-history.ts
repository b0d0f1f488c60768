import { useEffect, useState } from "react";
import type { PreviewFrame } from "../../src/training/types.ts";
import { useSession } from "../training/store.ts";

interface ScalarHistory {
  readonly run: string | undefined;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}
const none: ScalarHistory = { run: undefined, steps: [], values: [] };
const most = 2000;

/** The values that a scalar preview has shown in this run; frames hold only the latest. */
export function useScalarHistory(frame: PreviewFrame): ScalarHistory {
  const run = useSession((session) => session.run?.id);
  const [history, setHistory] = useState<ScalarHistory>(none);
  useEffect(() => {
    const value = frame.ports.x.values[0];
    if (frame.kind !== "scalar" || value === undefined) return;
    setHistory((before) => {
      const same = before.run === run ? before : { ...none, run };
      if (same.steps.at(-1) === frame.step) return same;
      return { run, steps: [...same.steps.slice(-most), frame.step], values: [...same.values.slice(-most), value] };
    });
  }, [frame, run]);
  return history;
}
