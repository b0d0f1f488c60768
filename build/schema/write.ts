/** Writes the published JSON Schema of the document, from the zod schema that reads it: `npx tsx build/schema/write.ts`. */
import { writeFileSync } from "node:fs";
import { documentJsonSchema } from "../../src/document/json-schema.ts";

writeFileSync(new URL("netloom-1.schema.json", import.meta.url), `${JSON.stringify(documentJsonSchema(), null, 2)}\n`);
