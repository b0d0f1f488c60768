import type { MouseEvent } from "react";
import type { MergeSteps } from "../../src/data/text/steps.ts";
import { formatCount } from "../training/format.ts";

/** Units of the drawing: it is stretched to the dialog's width. */
const width = 1000;
const height = 64;

interface Props {
  readonly steps: MergeSteps;
  readonly at: number;
  readonly onStep: (step: number) => void;
}

/** Tokens of the text and different ones among them over all merges; a click goes to that merge. */
export function StepsChart({ steps, at, onStep }: Props) {
  const last = Math.max(1, steps.merges.length);
  const x = (step: number) => (width * step) / last;
  const go = (event: MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    onStep(Math.round(((event.clientX - box.left) / box.width) * last));
  };
  const line = (values: readonly number[]) => {
    const highest = Math.max(1, ...values);
    return values.map((value, step) => `${x(step)},${height - 2 - ((height - 4) * value) / highest}`).join(" ");
  };
  const title = `${formatCount(steps.lengths[at] ?? 0)} tokens in the text, ${formatCount(steps.different[at] ?? 0)} different ones`;
  return (
    <figure className="tokens-chart">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider above does the same by keys. */}
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={title} onClick={go}>
        <polyline className="tokens-lengths" points={line(steps.lengths)} />
        <polyline className="tokens-different" points={line(steps.different)} />
        <line className="tokens-at" x1={x(at)} x2={x(at)} y1={0} y2={height} />
      </svg>
      <figcaption>
        <span className="tokens-key" data-line="lengths">
          tokens in the text, from {formatCount(steps.lengths[0] ?? 0)} to {formatCount(steps.lengths.at(-1) ?? 0)}
        </span>
        <span className="tokens-key" data-line="different">
          different tokens, at most {formatCount(Math.max(...steps.different))}
        </span>
      </figcaption>
    </figure>
  );
}
