import type { DatasetInfo, DatasetOptions } from "../tensor/dataset.ts";
import { cmudict } from "./sets/cmudict.ts";
import { communities } from "./sets/communities.ts";
import { digits } from "./sets/digits.ts";
import { emojiOutlines } from "./sets/emoji-outlines.ts";
import { emojiScenes } from "./sets/emoji-scenes.ts";
import { fashionMnist } from "./sets/fashion-mnist.ts";
import { gaussians } from "./sets/gaussians.ts";
import { iris } from "./sets/iris.ts";
import { karate } from "./sets/karate.ts";
import { lesMiserables } from "./sets/les-miserables.ts";
import { mnist1d } from "./sets/mnist1d.ts";
import { mobyDick } from "./sets/moby-dick.ts";
import { molecules } from "./sets/molecules.ts";
import { moons } from "./sets/moons.ts";
import { peaks } from "./sets/peaks.ts";
import { rings } from "./sets/rings.ts";
import { shapeScenes } from "./sets/shape-scenes.ts";
import { spam, spamForNovelReaders } from "./sets/spam.ts";
import { spirals } from "./sets/spirals.ts";
import { stickFigures } from "./sets/stick-figures.ts";
import { type DescribedText, textInfo } from "./text/facts.ts";
import type { DatasetSource } from "./types.ts";

export type { DescribedText } from "./text/facts.ts";

/** What is known of a user's data set, as far as it concerns messages. */
interface UserFacts {
  readonly targets?: (name: string) => readonly string[];
  readonly fault?: (name: string) => string | undefined;
}

/** Every data set that Netloom has by itself: adding one means its file and its line here. The order is that of menus. The page reads their facts: what is heavy is imported when examples are made. */
const sources: readonly DatasetSource[] = [
  mnist1d,
  digits,
  fashionMnist,
  shapeScenes,
  emojiScenes,
  emojiOutlines,
  stickFigures,
  moons,
  spirals,
  rings,
  gaussians,
  peaks,
  iris,
  karate,
  lesMiserables,
  communities,
  molecules,
  mobyDick,
  cmudict,
  spam,
  spamForNovelReaders,
];

/** Data sets by name. */
export const datasetSources: ReadonlyMap<string, DatasetSource> = new Map(sources.map((source) => [source.info.name, source]));

/** Facts on one of Netloom's own data sets under settings; undefined if there is none of that name. */
export function bundledInfo(name: string, options: DatasetOptions): DatasetInfo | undefined {
  const source = datasetSources.get(name);
  return source?.describe?.(options) ?? source?.info;
}

/** What is known beforehand of a data set of the user's: facts, for a table those of every column that may be predicted, for a text what they follow from. */
interface UserSet {
  readonly info: DatasetInfo;
  readonly byTarget: ReadonlyMap<string, DatasetInfo> | Readonly<Record<string, DatasetInfo>>;
  readonly text?: DescribedText | undefined;
}

/** Facts on a data set of the user's under settings; undefined if there is no such column to predict. */
export function userInfo({ info, byTarget, text }: UserSet, options: DatasetOptions): DatasetInfo | undefined {
  if (text) return textInfo(text.about, text.facts, options);
  const { target } = options;
  const columns = byTarget instanceof Map ? byTarget : new Map(Object.entries(byTarget));
  return target && columns.size > 0 ? columns.get(target) : info;
}

/**
 * What the checker asks about data sets (`InferEnv` of the layers): Netloom's own first, then the user's.
 * @param userInfos facts on a user's data set by name and settings; undefined if there is none of that name
 * @param userNames names of the user's data sets, for messages
 * @param more which columns of a user's table may be predicted, and why a user's file cannot be used
 */
export const createInferEnv = (
  userInfos: (name: string, options: DatasetOptions) => DatasetInfo | undefined = () => undefined,
  userNames: () => readonly string[] = () => [],
  { targets = () => [], fault = () => undefined }: UserFacts = {},
) => ({
  dataset: (name: string, options: DatasetOptions = {}): DatasetInfo | undefined => bundledInfo(name, options) ?? userInfos(name, options),
  datasetNames: (): readonly string[] => [...datasetSources.keys(), ...userNames()],
  datasetTargets: targets,
  datasetFault: fault,
});
