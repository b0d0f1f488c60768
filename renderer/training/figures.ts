import type { NetloomDocument } from "../../src/document/schema.ts";
import { registry } from "../../src/layers/registry.ts";
import { readCurveKey } from "./curves.ts";

/** A value that a run reports, as people read it. */
export interface Measure {
  /** Node id of the loss or metric, or `rate`, `gradientNorm`. */
  readonly name: string;
  readonly title: string;
  readonly better: "lower" | "higher";
  /** True for shares of one, shown in per cent. */
  readonly share: boolean;
  readonly role: "loss" | "metric" | "other";
}

const others: Readonly<Record<string, Measure>> = {
  rate: { name: "rate", title: "Learning rate", better: "lower", share: false, role: "other" },
  gradientNorm: { name: "gradientNorm", title: "Gradient norm", better: "lower", share: false, role: "other" },
};

/** `rate`, or `rate/Generator` where several phases take turns. */
function othersNamed(name: string): Measure | undefined {
  const slash = name.indexOf("/");
  if (slash < 0) return others[name];
  const other = others[name.slice(0, slash)];
  return other && { ...other, name, title: `${other.title}, ${name.slice(slash + 1)}` };
}

/** What a curve's name means in its document. Node paths inside blocks are looked up by their last part. */
export function measureOf(name: string, document: NetloomDocument | undefined): Measure {
  const other = othersNamed(name);
  if (other !== undefined) return other;
  const node = document === undefined ? undefined : findNode(document, name);
  const layer = node === undefined ? undefined : registry.get(node.type);
  // Without its document, a value's name is all there is to go by.
  const role = layer?.role === "metric" || (layer === undefined && /accuracy/i.test(name)) ? "metric" : "loss";
  return {
    name,
    title: node?.label ?? layer?.title ?? name,
    better: layer?.better ?? (role === "metric" ? "higher" : "lower"),
    share: layer === undefined ? /accuracy/i.test(name) : layer.type === "metric.accuracy",
    role,
  };
}

function findNode(document: NetloomDocument, path: string) {
  const own = document.nodes.find((node) => node.id === path);
  if (own !== undefined) return own;
  const last = path.split("/").at(-1);
  for (const block of Object.values(document.blocks ?? {})) {
    const node = block.nodes.find((candidate) => candidate.id === last);
    if (node !== undefined) return node;
  }
  return undefined;
}

/** All that a run has reported, the losses first, then metrics, then rates. */
export function measuresOf(keys: Iterable<string>, document: NetloomDocument | undefined): Measure[] {
  const names = [...new Set([...keys].map((key) => readCurveKey(key).name))];
  const order = { loss: 0, metric: 1, other: 2 } as const;
  return names.map((name) => measureOf(name, document)).sort((a, b) => order[a.role] - order[b.role]);
}

/** Where several measures have one title, as unnamed squared errors do, their ids tell them apart. */
export function toldApart(measures: readonly Measure[]): Measure[] {
  const twin = (measure: Measure) => measures.some((other) => other !== measure && other.title === measure.title);
  return measures.map((measure) => (twin(measure) ? { ...measure, title: measure.name } : measure));
}

/** The one figure to show large; kept in a run's record, so that lists need not read its document. */
export interface KeyFigure {
  readonly key: string;
  /** `"Test error"`, `"Validation loss"`. */
  readonly title: string;
  /** Ready to show: `"18.4 %"`, `"0.0412"`. */
  readonly text: string;
  /** The number behind it; lower is better exactly if `better` says so. */
  readonly value: number;
  readonly better: "lower" | "higher";
  readonly unit: "percent" | "plain";
}

const splitNames: Readonly<Record<string, string>> = { test: "Test", validation: "Validation", train: "Training" };

/**
 * The figure that matters of a run: a metric on held-out data if there is one, else a loss; test before validation
 * before training; of several losses the one that the first phase minimises. Accuracy is shown as error, as the book does: what is left to gain is what one watches.
 */
export function keyFigure(figures: Readonly<Record<string, number>>, document: NetloomDocument | undefined): KeyFigure | undefined {
  const measures = measuresOf(Object.keys(figures), document).filter((measure) => measure.role !== "other");
  const losses = measures.filter((m) => m.role === "loss");
  const minimised = document?.training?.phases?.[0]?.minimise.split(".")[0];
  const main = losses.filter((m) => m.name === minimised);
  const ordered = [...measures.filter((m) => m.role === "metric"), ...(main.length > 0 ? main : losses)];
  for (const splits of [["test", "validation"], ["train"]]) {
    for (const measure of ordered) {
      for (const split of splits) {
        const key = `${split}/${measure.name}`;
        const value = figures[key];
        if (value !== undefined) return show(key, split, measure, value);
      }
    }
  }
  return undefined;
}

function show(key: string, split: string, measure: Measure, value: number): KeyFigure {
  const where = splitNames[split] ?? split;
  if (measure.share) {
    const error = (1 - value) * 100;
    return { key, title: `${where} error`, text: `${error.toFixed(1)} %`, value: error, better: "lower", unit: "percent" };
  }
  const title = measure.role === "loss" ? `${where} loss` : `${where} ${measure.title.toLowerCase()}`;
  return { key, title, text: formatValue(value), value, better: measure.better, unit: "plain" };
}

/** How a figure stands to another run's same figure: `"▾ 21.9 vs run 3"`. */
export interface Difference {
  readonly text: string;
  readonly tone: "good" | "bad" | "even";
}
export function difference(mine: KeyFigure, theirs: KeyFigure): Difference {
  const delta = mine.value - theirs.value;
  const size = mine.unit === "percent" ? Math.abs(delta).toFixed(1) : formatValue(Math.abs(delta));
  if (Number(size) === 0) return { text: "=", tone: "even" };
  const better = mine.better === "lower" ? delta < 0 : delta > 0;
  return { text: `${delta < 0 ? "▾" : "▴"} ${size}`, tone: better ? "good" : "bad" };
}

/** Three or four significant figures, without exponents where a person would write none. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2).replace("e+", "e").replace("-", "−");
  if (size >= 1000) return Math.round(value).toLocaleString("en-GB").replace("-", "−");
  return value.toPrecision(size >= 1 ? 4 : 3).replace("-", "−");
}
