import { z } from "zod";
import { currentVersion, documentSchema } from "./schema.ts";

/** The document's JSON Schema (draft 2020-12), for editors that complete and check; published as `build/schema/netloom-1.schema.json`. */
export function documentJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(documentSchema, { io: "input" });
  return { $schema, $id: `netloom-${currentVersion}.schema.json`, title: `Netloom document, format ${currentVersion}`, ...schema };
}
