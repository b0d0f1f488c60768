import type { ComparedRun } from "../runs/store.ts";
import type { Line } from "./chart.tsx";
import { type Curves, curveKey, type Series } from "./curves.ts";
import { type Measure, measuresOf } from "./figures.ts";

const splits = [
  { split: "train", label: "train", colour: "--plot-1" },
  { split: "validation", label: "validation", colour: "--plot-2" },
  { split: "test", label: "test", colour: "--plot-3" },
] as const;

const comparedColours = ["--faint", "--plot-4", "--plot-5", "--plot-6"] as const;

/** The curves of one measure: each split of the shown run, and of every compared run the split that says most. */
export function linesFor(measure: Measure, curves: Curves, compared: readonly ComparedRun[]): Line[] {
  const own = splits.flatMap(({ split, label, colour }): Line[] => {
    const series = curves.get(curveKey(split, measure.name));
    return series === undefined ? [] : [{ id: split, label, series, colour, dashed: false }];
  });
  const others = compared.flatMap((run, i): Line[] => {
    const series = comparedSeries(measure, run);
    return series === undefined
      ? []
      : [{ id: run.id, label: run.name, series, colour: comparedColours[i % comparedColours.length] ?? "--faint", dashed: true }];
  });
  return [...own, ...others];
}

/** Another run's curve of the same node, or of the same kind of measure where its nodes have other names. Held-out data first. */
function comparedSeries(measure: Measure, run: ComparedRun): Series | undefined {
  const names = [
    measure.name,
    ...measuresOf(run.curves.keys(), run.document)
      .filter((other) => alike(other, measure))
      .map((other) => other.name),
  ];
  for (const name of names) {
    for (const split of ["test", "validation", "train"] as const) {
      const series = run.curves.get(curveKey(split, name));
      if (series !== undefined) return series;
    }
  }
  return undefined;
}

const alike = (a: Measure, b: Measure): boolean => a.role === b.role && a.title === b.title && a.share === b.share;

/** The value of a series at a step: the last one not after it. */
export function valueAt(series: Series, step: number): number | undefined {
  let low = 0;
  let high = series.steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((series.steps[middle] as number) <= step) low = middle + 1;
    else high = middle;
  }
  return series.values[low - 1];
}
