import type { ESTree, Plugin } from "vite";

/**
 * A layer is one file, and the page needs only half of it: what it is called, its form, its shapes. This takes the other
 * half, what is computed (`apply`, `advance`, `inverse`, metrics over a split), out of the page's bundle, and tfjs with it. The worker's bundle,
 * Node and the tests have the files as they are.
 */
const operations = new Set(["apply", "advance", "inverse", "finish", "over"]);

const tensorflow = /[\\/]node_modules[\\/]@tensorflow[\\/]/;

export const pageLayers: Plugin = {
  name: "page-layers",
  apply: "build",
  transform: {
    filter: { id: [/[\\/]src[\\/]layers[\\/][^?]+\.ts$/, tensorflow] },
    handler(code, id) {
      // Nothing on the page calls tfjs any more, and that it is imported does nothing: so it can be left out.
      if (tensorflow.test(id)) return { code, map: null, moduleSideEffects: false };
      return code.includes("defineLayer(") ? { code: withoutOperations(code, this.parse(code)), map: null } : null;
    },
  },
};

/** A layer's module without the operations of its `defineLayer({…})`. */
export function withoutOperations(code: string, program: ESTree.Program): string {
  const cuts = program.body.flatMap((statement) => definitions(statement).flatMap(({ properties }) => properties.flatMap(cutOf)));
  return cuts.reduceRight(
    (rest, [start, end, stays]) => rest.slice(0, start) + stays + (stays ? rest.slice(end) : rest.slice(end).replace(/^\s*,/, "")),
    code,
  );
}

/** `export const name = defineLayer({…})`: the objects. */
function definitions(statement: ESTree.Program["body"][number]): ESTree.ObjectExpression[] {
  const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (declared?.type !== "VariableDeclaration") return [];
  return declared.declarations.flatMap(({ init }) => {
    if (init?.type !== "CallExpression" || init.callee.type !== "Identifier" || init.callee.name !== "defineLayer") return [];
    return init.arguments.filter((argument) => argument.type === "ObjectExpression");
  });
}

/** Where an operation stands, and what is left of it: that there is an inverse decides which blocks run backwards, and which ports they then have. */
function cutOf(property: ESTree.ObjectExpression["properties"][number]): (readonly [start: number, end: number, stays: string])[] {
  const name = property.type === "Property" && property.key.type === "Identifier" ? property.key.name : "";
  if (!operations.has(name)) return [];
  return [[property.start, property.end, name === "inverse" ? "inverse: () => ({})" : ""]];
}
