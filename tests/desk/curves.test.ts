import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appendRows, type Curves, latestFigures, readRows, rewind, rowsToCsv, writeRows } from "../../renderer/training/curves.ts";
import { align, decimate, smooth } from "../../renderer/training/smoothing.ts";
import type { MetricsRow } from "../../src/training/types.ts";

const row = (step: number, split: MetricsRow["split"], values: Record<string, number>): MetricsRow => ({
  step,
  epoch: step / 10,
  seconds: step / 100,
  split,
  values,
});

const curvesOf = (rows: readonly MetricsRow[]): Curves => {
  const curves: Curves = new Map();
  appendRows(curves, rows);
  return curves;
};

describe("curves of a run", () => {
  it("keep a series for each value of each split", () => {
    const curves = curvesOf([row(1, "train", { loss: 2, rate: 0.1 }), row(2, "train", { loss: 1 }), row(2, "test", { accuracy: 0.5 })]);
    expect(curves.get("train/loss")).toEqual({ steps: [1, 2], values: [2, 1] });
    expect(curves.get("train/rate")).toEqual({ steps: [1], values: [0.1] });
    expect(latestFigures(curves)).toEqual({ "train/loss": 1, "train/rate": 0.1, "test/accuracy": 0.5 });
  });

  it("replace what came after a checkpoint when the run continues from it", () => {
    const curves = curvesOf([10, 20, 30, 40].map((step) => row(step, "train", { loss: step })));
    appendRows(curves, [row(25, "train", { loss: 7 }), row(35, "train", { loss: 8 })]);
    expect(curves.get("train/loss")).toEqual({ steps: [10, 20, 25, 35], values: [10, 20, 7, 8] });
    rewind(curves, 20);
    expect(curves.get("train/loss")?.steps).toEqual([10, 20]);
  });

  it("have rising steps whatever rows arrive", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.double({ noNaN: true }))), (points) => {
        const series = curvesOf(points.map(([step, loss]) => row(step, "train", { loss }))).get("train/loss");
        const steps = series?.steps ?? [];
        expect(steps.every((step, i) => i === 0 || step > (steps[i - 1] as number))).toBe(true);
        expect(series?.values.length ?? 0).toBe(steps.length);
      }),
    );
  });

  it("come back from the metrics file, a torn last line and foreign lines left out", () => {
    const rows = [row(1, "train", { loss: 2 }), row(2, "test", { loss: 1 })];
    const text = `${writeRows(rows)}{"note":"not a row"}\n{"step":3,"split":"tr`;
    expect(readRows(text)).toEqual(rows);
  });

  it("become CSV that keeps commas and quotes in names", () => {
    const csv = rowsToCsv([row(1, "train", { 'a,"b"': 2 }), row(2, "test", { loss: 0.5 })]);
    expect(csv).toBe('step,epoch,seconds,split,"a,""b""",loss\r\n1,0.1,0.01,train,2,\r\n2,0.2,0.02,test,,0.5\r\n');
  });
});

describe("smoothing", () => {
  it("leaves a constant as it is, from the first value on", () => {
    for (const weight of [0, 0.5, 0.9, 0.99]) for (const value of smooth([3, 3, 3, 3], weight)) expect(value).toBeCloseTo(3, 12);
  });

  it("stays between the lowest and the highest value", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (values, weight) => {
          const low = Math.min(...values) - 1e-6;
          const high = Math.max(...values) + 1e-6;
          expect(smooth(values, weight).every((value) => value >= low && value <= high)).toBe(true);
        },
      ),
    );
  });

  it("does not carry a value that is not finite into the later ones", () => {
    const smoothed = smooth([1, Number.NaN, 1, Number.POSITIVE_INFINITY, 1], 0.9);
    expect(smoothed[2]).toBeCloseTo(1);
    expect(smoothed[4]).toBeCloseTo(1);
  });

  it("thins a long series out to the limit and keeps its ends and its extremes", () => {
    const steps = Array.from({ length: 10_000 }, (_, i) => i);
    const values = steps.map((i) => (i === 4321 ? 100 : i === 7654 ? -100 : Math.sin(i / 50)));
    const thin = decimate({ steps, values }, 500);
    expect(thin.steps.length).toBeLessThanOrEqual(502);
    expect(thin.steps[0]).toBe(0);
    expect(thin.steps.at(-1)).toBe(9999);
    expect(thin.values).toContain(100);
    expect(thin.values).toContain(-100);
    expect(thin.steps.every((step, i) => i === 0 || step > (thin.steps[i - 1] as number))).toBe(true);
  });

  it("puts series with different steps on one axis, gaps where they have no value", () => {
    const { steps, columns } = align([
      { steps: [1, 2, 3], values: [10, 20, Number.NaN] },
      { steps: [2, 4], values: [5, 6] },
    ]);
    expect(steps).toEqual([1, 2, 3, 4]);
    expect(columns).toEqual([
      [10, 20, null, null],
      [null, 5, null, 6],
    ]);
  });
});
