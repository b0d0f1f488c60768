import { type ComponentType, useEffect, useState } from "react";
import { whenIdle } from "../stores/idle.ts";

/** What is loaded when it is first needed, or before that when the page has time. */
const loads: (() => Promise<unknown>)[] = [];

interface Part<Props> {
  Loaded: ComponentType<Props> | undefined;
  ready(): Promise<void>;
}

/**
 * A component in a file of its own, loaded when first shown. Once it has been, it is drawn at once like any other: keys
 * that are pressed just after it opens reach it.
 */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const part: Part<Props> = {
    Loaded: undefined,
    async ready() {
      part.Loaded ??= await load();
    },
  };
  loads.push(part.ready);
  return (props) => <Late part={part} props={props} />;
}

function Late<Props extends object>({ part, props }: { part: Part<Props>; props: Props }) {
  const { Loaded } = part;
  const [, drawn] = useState(false);
  useEffect(() => {
    if (!Loaded) void part.ready().then(() => drawn(true));
  }, [part, Loaded]);
  return Loaded ? <Loaded {...props} /> : null;
}

/** Something else that is worth having before it is asked for: a library, a table that takes time to make. */
export const prefetch = (load: () => Promise<unknown>): void => void loads.push(load);

/** Loads all that is late, one after the other, whenever the page is idle. */
export function loadAhead(): void {
  const load = loads.shift();
  if (load)
    whenIdle(() => {
      // What cannot be had now is asked for again when it is needed.
      void load().then(loadAhead, loadAhead);
    });
}
