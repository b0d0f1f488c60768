import type { DatasetInfo } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { moleculePorts, moleculeSplit } from "../graphs/molecules.ts";
import { parseSmiles } from "../graphs/smiles.ts";
import { gunzip } from "../gunzip.ts";
import { datasetSource } from "../source.ts";

const info: DatasetInfo = {
  name: "molecules",
  title: "Molecules",
  about:
    "The first 4,999 molecules of the National Cancer Institute's collection with their polar surface area, from RDKit's data (BSD-3): is it larger than that of half of them? Hydrogens are left out.",
  ports: moleculePorts(["less polar", "more polar"]),
  counts: { train: 4000, validation: 0, test: 999 },
  sizes: { nodes: 16.4, edges: 33.8 },
};

export const molecules = datasetSource(info, async (reader) => {
  const lines = new TextDecoder()
    .decode(await gunzip(reader.bundled("molecules.csv.gz")))
    .trimEnd()
    .split("\n");
  const rows = lines.map((line) => line.split(",") as [string, string]);
  const areas = rows.map(([, area]) => Number(area)).sort((a, b) => a - b);
  const median = areas[Math.floor(areas.length / 2)] as number;
  const all = rows.map(([smiles, area]) => {
    const molecule = parseSmiles(smiles);
    if ("fault" in molecule) throw new Error(`"${smiles}" is no molecule: ${molecule.fault}.`);
    return { molecule, label: Number(area) > median ? 1 : 0 };
  });
  const order = Array.from(rng(1, "molecules").permutation(all.length), (i) => all[i] as (typeof all)[number]);
  return { train: moleculeSplit(order.slice(0, info.counts.train)), test: moleculeSplit(order.slice(info.counts.train)) };
});
