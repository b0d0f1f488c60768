import { useEffect, useRef, useState } from "react";
import type { Finding } from "../../src/analysis/types.ts";
import { onThemeChange, tokenColour } from "../theme/theme.ts";
import { formatValue } from "../training/figures.ts";
import { formatTick } from "../training/format.ts";
import "uplot/dist/uPlot.min.css";

const colours = ["--plot-1", "--plot-2", "--plot-3", "--plot-4"] as const;
const height = 240;
const whole = [1, 10, 100, 1000, 10_000, 100_000].flatMap((decade) => [decade, 2 * decade, 5 * decade]);

/** Powers of ten from one number to another, every one or every few: seven lines at most. */
function decades(low: number, high: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const every = Math.ceil((to - from + 1) / 7);
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => 10 ** (from + i * every));
}

/** Curves that share their places on the x axis, drawn by uPlot, with their names and last values below. */
export function CurveChart({ finding }: { finding: Extract<Finding, { kind: "curves" }> }) {
  const { title, x, y, curves } = finding;
  const box = useRef<HTMLDivElement>(null);
  const [theme, setTheme] = useState(0);
  useEffect(() => onThemeChange(() => setTheme((count) => count + 1)), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme stands for the colours in the stylesheet.
  useEffect(() => {
    const target = box.current;
    if (target === null) return;
    let plot: { setSize(size: { width: number; height: number }): void; destroy(): void } | undefined;
    let gone = false;
    void import("uplot").then(({ default: UPlot }) => {
      if (gone) return;
      const axis = { stroke: tokenColour("--faint"), font: '11px "Inter Variable", system-ui, sans-serif', ticks: { show: false } };
      const grid = { stroke: tokenColour("--line"), width: 1 };
      // Blocks and steps are counted: no half of one is marked.
      const countsOnly = curves.every((curve) => curve.x.every(Number.isInteger));
      const positive = (value: number) => (y.log && value <= 0 ? null : value);
      const widest = curves.reduce((longest, curve) => (curve.x.length > longest.length ? curve.x : longest), [] as readonly number[]);
      plot = new UPlot(
        {
          width: Math.max(80, target.clientWidth),
          height,
          padding: [8, 16, 0, 0],
          legend: { show: false },
          cursor: { y: false },
          scales: { x: { time: false }, y: y.log ? { distr: 3 } : {} },
          axes: [
            {
              ...axis,
              size: 28,
              label: x.label,
              labelSize: 18,
              labelGap: 0,
              labelFont: axis.font,
              grid: { show: false },
              ...(countsOnly && { incrs: whole }),
            },
            {
              ...axis,
              grid,
              size: 56,
              ...(y.log && { splits: (_: unknown, __: number, low: number, high: number) => decades(low, high) }),
              values: (_, values) => values.map((value) => (value === null ? "" : formatTick(value))),
            },
          ],
          series: [
            {},
            ...curves.map((_, i) => ({ stroke: tokenColour(colours[i % colours.length] ?? "--plot-1"), width: 1.75, points: { show: false } })),
          ],
        },
        [[...widest], ...curves.map((curve) => widest.map((_, i) => positive(curve.y[i] ?? Number.NaN)))],
        target,
      );
    });
    const sizes = new ResizeObserver(() => plot?.setSize({ width: Math.max(80, target.clientWidth), height }));
    sizes.observe(target);
    return () => {
      gone = true;
      sizes.disconnect();
      plot?.destroy();
    };
  }, [finding, theme]);
  const told = curves.map((curve) => `${curve.name} ends at ${formatValue(curve.y.at(-1) ?? Number.NaN)}`);
  return (
    <figure className="findings-chart">
      <div ref={box} role="img" aria-label={`${title}, ${y.label} over ${x.label}: ${told.join(", ")}`} />
      <figcaption>
        {curves.map((curve, i) => (
          <span key={curve.name}>
            <i style={{ background: `var(${colours[i % colours.length]})` }} />
            {curve.name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
