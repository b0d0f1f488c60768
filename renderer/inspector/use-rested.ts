import { startTransition, useEffect, useState } from "react";
import { inNextFrame } from "../canvas/next-frame.ts";

/** The value as it was when it last stood still for two frames. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    let id = requestAnimationFrame(() => {
      id = requestAnimationFrame(() => startTransition(() => setRested(value)));
    });
    return () => cancelAnimationFrame(id);
  }, [value]);
  return rested;
}

/** The value a frame after it was shown; nothing at first. */
export function useLater<T>(value: T): T | undefined {
  const [later, setLater] = useState<T | undefined>(undefined);
  useEffect(() => {
    let live = true;
    inNextFrame(() => live && startTransition(() => setLater(value)));
    return () => {
      live = false;
    };
  }, [value]);
  return later;
}
