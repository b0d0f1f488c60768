/**
 * What follows from a gesture without being part of what it shows: it gets a frame of its own after the one that shows it.
 * Whoever presses a key or the pointer before that finds it done.
 */

let waiting: (() => void)[] = [];
let frame = 0;
const presses = ["keydown", "pointerdown", "pagehide"] as const;

/** Runs `run` in the frame after this one, or before the next key or pointer that is pressed. */
export function inNextFrame(run: () => void): void {
  waiting.push(run);
  if (waiting.length > 1) return;
  for (const press of presses) window.addEventListener(press, land, { capture: true });
  const asked = performance.now();
  // A pointer's move is told at the beginning of a frame: what is asked for then has this frame's own animation still before it.
  const turn = (began: number) => {
    if (began < asked) frame = requestAnimationFrame(turn);
    else land();
  };
  frame = requestAnimationFrame(turn);
}

function land(): void {
  cancelAnimationFrame(frame);
  for (const press of presses) window.removeEventListener(press, land, { capture: true });
  const all = waiting;
  waiting = [];
  for (const run of all) run();
}
