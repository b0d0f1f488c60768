import type { DatasetInfo, SplitData } from "../../tensor/dataset.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { bothWays, oneHot } from "../graphs/edges.ts";
import { datasetSource } from "../source.ts";

/** Members of the club; 1 is the instructor, 34 the administrator, as in Zachary's paper. */
const members = 34;

/** Friends with a higher number, by member: 78 pairs. */
const friends: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32],
  2: [3, 4, 8, 14, 18, 20, 22, 31],
  3: [4, 8, 9, 10, 14, 28, 29, 33],
  4: [8, 13, 14],
  5: [7, 11],
  6: [7, 11, 17],
  7: [17],
  9: [31, 33, 34],
  10: [34],
  14: [34],
  15: [33, 34],
  16: [33, 34],
  19: [33, 34],
  20: [34],
  21: [33, 34],
  23: [33, 34],
  24: [26, 28, 30, 33, 34],
  25: [26, 28, 32],
  26: [32],
  27: [30, 34],
  28: [34],
  29: [32, 34],
  30: [33, 34],
  31: [33, 34],
  32: [33, 34],
  33: [34],
};

/** Those who stayed with the instructor when the club split. */
const withInstructor = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22];

const info: DatasetInfo = {
  name: "karate",
  title: "Karate club",
  about:
    "Friendships among the 34 members of a karate club that split in two (Zachary, 1977). Only the two leaders are labelled for training; all others are the test. Facts without a licence.",
  ports: {
    x: { ...f32(members, members), view: "graph" },
    edges: { ...i32([156, 2], members), view: "graph" },
    label: { ...i32([members], 2), view: "label", names: ["instructor", "administrator"] },
    mask: f32(members),
  },
  counts: { train: 1, validation: 0, test: 1 },
  whole: true,
};

const isLeader = (index: number) => index === 0 || index === members - 1;

/** The whole graph; only the mask differs between training and test. */
function graph(inMask: (index: number) => boolean): SplitData {
  const pairs = Object.entries(friends).flatMap(([one, others]) => others.flatMap((other) => [Number(one) - 1, other - 1]));
  const label = Int32Array.from({ length: members }, (_, i) => (withInstructor.includes(i + 1) ? 0 : 1));
  const mask = Float32Array.from({ length: members }, (_, i) => (inMask(i) ? 1 : 0));
  return { count: 1, ports: { x: oneHot(members), edges: bothWays(Int32Array.from(pairs)), label, mask } };
}

export const karate = datasetSource(info, () => ({ train: graph(isLeader), test: graph((index) => !isLeader(index)) }), "none");
