import { useEffect, useState } from "react";
import { decodeCheckpoint } from "../../src/training/checkpoint.ts";
import { useServices } from "../host/services.ts";
import { reason } from "../training/session.ts";
import { useSession } from "../training/store.ts";

type Shapes = Readonly<Record<string, { readonly shape: readonly number[] }>>;

interface RunWeights {
  /** Of the run's weights by name, once they are read. */
  readonly shapes?: Shapes;
  readonly fault?: string;
}

/** The weights that a kept run has: their names and shapes. */
export function useRunWeights(run: string | undefined): RunWeights {
  const [known, setKnown] = useState<RunWeights & { readonly run?: string }>({});
  useEffect(() => {
    if (run === undefined) return;
    let gone = false;
    const read = async (): Promise<RunWeights> => {
      const { services } = useServices.getState();
      if (services === undefined) return { fault: "Netloom is not connected yet." };
      if (useSession.getState().run?.id === run) await services.session.save();
      const checkpoint = await services.host.readCheckpoint(run);
      if (checkpoint === null) return { fault: "This run has no weights on the disk. Choose another." };
      const { weights } = decodeCheckpoint(checkpoint);
      return { shapes: Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, { shape }])) };
    };
    void read()
      .catch((error: unknown): RunWeights => ({ fault: `Its weights cannot be read. ${reason(error)}` }))
      .then((found) => !gone && setKnown({ run, ...found }));
    return () => {
      gone = true;
    };
  }, [run]);
  return known.run === run ? known : {};
}
