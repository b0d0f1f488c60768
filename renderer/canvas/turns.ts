/**
 * Work on the canvas that can wait, one piece a frame: what was put off is never all done at once. While the view is
 * being zoomed none of it is done, since the next step of the zoom would undo it.
 */

type Work = () => void;
const waiting: Work[] = [];
let running = false;
let restless = Number.NEGATIVE_INFINITY;

/** Milliseconds after a zoom within which the next step of it is expected. */
const pause = 90;

function turn(): void {
  if (performance.now() - restless < pause) {
    requestAnimationFrame(turn);
    return;
  }
  waiting.shift()?.();
  running = waiting.length > 0;
  if (running) requestAnimationFrame(turn);
}

/** Runs `work` in a frame of its own. Returns how to call it off. */
export function takeTurn(work: Work): () => void {
  waiting.push(work);
  if (!running) requestAnimationFrame(turn);
  running = true;
  return () => {
    const at = waiting.indexOf(work);
    if (at >= 0) waiting.splice(at, 1);
  };
}

/** The view is being zoomed just now. */
export const zooming = (): void => {
  restless = performance.now();
};
