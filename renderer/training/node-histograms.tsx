import type { Histogram } from "../../src/training/types.ts";
import { formatValue } from "./figures.ts";
import { formatCount } from "./format.ts";
import { useProbe, useProbeOpen } from "./probe.ts";
import { useSession } from "./store.ts";
import "./node-histograms.css";

/** The inspector's histograms while a run goes on or is paused: a node's output, and the gradient of the loss by it. */
export function NodeHistograms({ path }: { path: string }) {
  const open = useProbeOpen((state) => state.open);
  const live = useSession((session) => session.live);
  const frame = useProbe(path, open);
  if (!live) return null;
  return (
    <details className="node-histograms" open={open} onToggle={(event) => useProbeOpen.setState({ open: event.currentTarget.open })}>
      <summary>Activations and gradient</summary>
      {frame && (
        <>
          <Bars title="Activations" histogram={frame.activations} />
          {frame.gradient ? (
            <Bars title="Gradient of the loss" histogram={frame.gradient} gradient />
          ) : (
            <p className="histogram-note">What is minimised does not depend on it.</p>
          )}
          <p className="histogram-note">
            Step {formatCount(frame.step)}, a batch of {formatCount(frame.examples)}
          </p>
        </>
      )}
      {open && !frame && <p className="histogram-note">Nothing to show of this node yet.</p>}
    </details>
  );
}

const height = 44;

function Bars({ title, histogram, gradient = false }: { title: string; histogram: Histogram; gradient?: boolean }) {
  const { counts, low, high, mean, deviation, zeros, finite } = histogram;
  const most = Math.max(1, ...counts);
  const said = [
    `mean ${formatValue(mean)}`,
    `deviation ${formatValue(deviation)}`,
    zeros > 0 && `${formatShare(zeros)} exactly 0`,
    finite < 1 && `${formatShare(1 - finite)} not finite`,
  ].filter(Boolean);
  return (
    <figure className="histogram" data-gradient={gradient || undefined}>
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${counts.length} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${said.join(", ")}`}>
        {counts.map((count, i) => {
          const tall = count === 0 ? 0 : Math.max(1, (count / most) * height);
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
          return <rect key={i} x={i + 0.06} y={height - tall} width={0.88} height={tall} />;
        })}
      </svg>
      <p className="histogram-ends">
        <span>{formatValue(low)}</span>
        <span>{formatValue(high)}</span>
      </p>
      <p className="histogram-note">{said.join(" · ")}</p>
    </figure>
  );
}

const formatShare = (share: number): string => `${(100 * share).toFixed(share < 0.1 || share > 0.99 ? 1 : 0)} %`;
