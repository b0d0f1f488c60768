import { useEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import { onThemeChange, tokenColour } from "../theme/theme.ts";
import type { Series } from "./curves.ts";
import { formatValue } from "./figures.ts";
import { formatCount, formatTick } from "./format.ts";
import { align, decimate, smooth } from "./smoothing.ts";
import "uplot/dist/uPlot.min.css";

/** One curve to draw. `series` may grow in place; `revision` of the chart tells that it did. */
export interface Line {
  readonly id: string;
  readonly label: string;
  readonly series: Series;
  readonly colour: `--${string}`;
  readonly dashed: boolean;
}

interface Props {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly log: boolean;
  /** Weight of the moving average, 0 to under 1. */
  readonly smoothing: number;
  /** Values are shares of one, written in per cent. */
  readonly share: boolean;
  readonly revision: number;
  /** The step under the pointer; undefined when it leaves. */
  readonly onCursor: (step: number | undefined) => void;
  /** Told when the person has zoomed in (drag) or out again (double click). */
  readonly onZoom: (zoomed: boolean) => void;
  /** Grows when the zoom should be given up. */
  readonly resetKey: number;
}

type Plot = uPlot;
const most = 1500;
/** Values up to which a curve is drawn as it is: evaluations on held-out data are few, and averages over them lag. */
const noisy = 40;
/** Milliseconds between two redraws while a run is under way. */
const pace = 120;

/** Curves over steps, drawn by uPlot on a canvas. Drag to zoom, double click to zoom out. */
export function Chart(props: Props) {
  const { title, lines, log, smoothing, share, revision, resetKey } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(undefined);
  const zoom = useRef<{ min: number; max: number }>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [theme, setTheme] = useState(0);
  useEffect(() => onThemeChange(() => setTheme((count) => count + 1)), []);

  const shape = lines.map((line) => `${line.id} ${line.colour} ${line.dashed}`).join("\n");
  const single = smoothing <= 0;

  // The plot is made anew when its curves, scale or colours are others; else only its data change.
  // biome-ignore lint/correctness/useExhaustiveDependencies: shape stands for lines; theme for the colours in the stylesheet.
  useEffect(() => {
    const target = box.current;
    if (target === null) return;
    let gone = false;
    void import("uplot").then(({ default: UPlot }) => {
      if (gone) return;
      plot.current = new UPlot(optionsFor(target, latest, zoom), dataFor(latest.current), target);
      keepZoom(plot.current, zoom.current);
    });
    const sizes = new ResizeObserver(() => plot.current?.setSize(sizeOf(target)));
    sizes.observe(target);
    return () => {
      gone = true;
      sizes.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, log, single, share, theme]);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: revision stands for the series, which grow in place.
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const drawn = plot.current;
      if (drawn === undefined) return;
      drawn.setData(dataFor(latest.current), zoom.current === undefined);
      keepZoom(drawn, zoom.current);
    }, pace);
  }, [revision, smoothing, lines]);
  useEffect(() => () => clearTimeout(timer.current), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key is the signal.
  useEffect(() => {
    if (zoom.current === undefined) return;
    zoom.current = undefined;
    plot.current?.setData(dataFor(latest.current), true);
    latest.current.onZoom(false);
  }, [resetKey]);

  return <div ref={box} className="chart" role="img" aria-label={describe(title, lines, share)} />;
}

const describe = (title: string, lines: readonly Line[], share: boolean): string => {
  const parts = lines.flatMap(({ label, series }) => {
    const value = series.values.at(-1);
    return value === undefined ? [] : [`${label} ${formatMeasure(value, share)} at step ${formatCount(series.steps.at(-1) ?? 0)}`];
  });
  return `${title}: ${parts.join(", ") || "no values yet"}`;
};

export const formatMeasure = (value: number, share: boolean): string => (share ? `${(value * 100).toFixed(1)} %` : formatValue(value));

const sizeOf = (target: HTMLElement) => ({ width: Math.max(80, target.clientWidth), height: Math.max(60, target.clientHeight) });

/** Smoothed columns, each behind its raw one where there is smoothing. On a logarithmic axis only what is above zero. */
function dataFor({ lines, smoothing, log }: Props): uPlot.AlignedData {
  const drawn = lines.map((line) => decimate(line.series, most));
  const positive = (value: number) => (log && value <= 0 ? Number.NaN : value);
  const raw = drawn.map((series) => ({ steps: series.steps, values: series.values.map(positive) }));
  const smoothed =
    smoothing <= 0
      ? []
      : lines.map((line) =>
          decimate(
            { steps: line.series.steps, values: smooth(line.series.values, line.series.values.length > noisy ? smoothing : 0).map(positive) },
            most,
          ),
        );
  const { steps, columns } = align([...raw, ...smoothed]);
  return [steps, ...columns];
}

function keepZoom(plot: Plot, zoom: { min: number; max: number } | undefined): void {
  if (zoom !== undefined) plot.setScale("x", zoom);
}

function optionsFor(
  target: HTMLElement,
  latest: { readonly current: Props },
  zoom: { current: { min: number; max: number } | undefined },
): uPlot.Options {
  const { lines, log, smoothing, share } = latest.current;
  const line = tokenColour("--line");
  const faint = tokenColour("--faint");
  const font = '11px "Inter Variable", "Segoe UI", system-ui, sans-serif';
  const axis = { stroke: faint, font, ticks: { show: false }, grid: { stroke: line, width: 1 } };
  const percent = share
    ? (_: Plot, values: number[]) => values.map((value) => (value === null ? "" : `${Number((value * 100).toPrecision(4))} %`))
    : undefined;
  const curve = ({ colour, dashed }: Line, faintly: boolean): uPlot.Series => ({
    stroke: withAlpha(tokenColour(colour), faintly ? 0.25 : 1),
    width: faintly ? 1 : dashed ? 1.5 : 1.75,
    ...(dashed && { dash: [4, 3] }),
    spanGaps: true,
    points: { show: (_: Plot, index: number) => fewPoints(latest.current.lines[(index - 1) % latest.current.lines.length]) && !faintly, size: 5 },
  });
  return {
    ...sizeOf(target),
    padding: [8, 22, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: true } },
    scales: { x: { time: false }, y: log ? { distr: 3 } : {} },
    axes: [
      { ...axis, size: 24, gap: 4, space: 70, incrs: wholeSteps, grid: { show: false }, values: (_, values) => values.map(formatCount) },
      {
        ...axis,
        size: 52,
        gap: 6,
        space: 28,
        values: percent ?? ((_, values) => values.map((value) => (value === null ? "" : formatTick(value)))),
      },
    ],
    series: [{}, ...lines.map((one) => curve(one, smoothing > 0)), ...(smoothing > 0 ? lines.map((one) => curve(one, false)) : [])],
    hooks: {
      setCursor: [
        (plot) => {
          const { left, idx } = plot.cursor;
          latest.current.onCursor(left === undefined || left < 0 || idx == null ? undefined : plot.data[0][idx]);
        },
      ],
      setSelect: [
        (plot) => {
          if (plot.select.width <= 0) return;
          const from = plot.posToVal(plot.select.left, "x");
          zoom.current = { min: from, max: plot.posToVal(plot.select.left + plot.select.width, "x") };
          latest.current.onZoom(true);
        },
      ],
      ready: [
        // What was drawn is gone when the graphics process has crashed.
        (plot) => plot.ctx.canvas.addEventListener("contextrestored", () => plot.redraw(false)),
        (plot) =>
          plot.over.addEventListener("dblclick", () => {
            zoom.current = undefined;
            latest.current.onZoom(false);
          }),
      ],
    },
  };
}

/** Held-out data are looked at now and then: their few values are marked. */
const fewPoints = (line: Line | undefined): boolean => line !== undefined && !line.dashed && line.series.steps.length <= noisy;

/** There is no step 2½: 1, 2, 5, 10, … apart. */
const wholeSteps: number[] = [1, 2, 5].flatMap((lead) => Array.from({ length: 9 }, (_, power) => lead * 10 ** power)).sort((a, b) => a - b);

/** `rgb(1, 2, 3)` or `color(srgb …)` with an alpha of its own. */
const withAlpha = (colour: string, alpha: number): string =>
  alpha >= 1 ? colour : colour.startsWith("rgb(") ? colour.replace("rgb(", "rgba(").replace(")", `, ${alpha})`) : colour;
