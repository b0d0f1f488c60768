import { useEffect, useState } from "react";
import { create } from "zustand";
import type { ProbeFrame } from "../../src/training/types.ts";
import { useServices } from "../host/services.ts";
import { useSession } from "./store.ts";

/** Whether the inspector's section of histograms is unfolded: the same for every node. */
export const useProbeOpen = create<{ readonly open: boolean }>()(() => ({ open: true }));

interface FollowOptions {
  ask(): Promise<ProbeFrame | undefined>;
  /** The run's step: while it stands still, nothing is asked. */
  step(): number;
  tell(frame: ProbeFrame | undefined): void;
  /** Nobody looks: nothing is asked. */
  hidden(): boolean;
  /** Milliseconds between two questions. */
  readonly every?: number;
}

/** Asks now and then what goes through a node, so that it takes a tenth of the worker's time at most. Returns how to stop. */
export function followProbe({ ask, step, tell, hidden, every = 1000 }: FollowOptions): () => void {
  let stopped = false;
  let known: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async (): Promise<void> => {
    let wait = every;
    const now = step();
    if (!hidden() && now !== known) {
      const begun = performance.now();
      const frame = await ask().catch(() => undefined);
      if (stopped) return;
      known = now;
      tell(frame);
      wait = Math.max(every, 9 * (performance.now() - begun));
    }
    timer = setTimeout(turn, wait);
  };
  void turn();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** What goes through a node while the worker holds a run; undefined while it is not `wanted`. */
export function useProbe(path: string, wanted: boolean): ProbeFrame | undefined {
  const run = useSession((session) => (session.live ? session.run?.id : undefined));
  const [frame, setFrame] = useState<ProbeFrame>();
  useEffect(() => {
    setFrame(undefined);
    const { services } = useServices.getState();
    if (!wanted || run === undefined || services === undefined) return;
    return followProbe({
      ask: () => services.engine.api.probe(path),
      step: () => useSession.getState().progress?.step ?? useSession.getState().run?.step ?? 0,
      tell: setFrame,
      hidden: () => document.hidden,
    });
  }, [path, wanted, run]);
  return frame;
}
