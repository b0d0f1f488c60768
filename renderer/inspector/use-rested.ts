import { startTransition, useEffect, useState } from "react";

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
