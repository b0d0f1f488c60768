import { z } from "zod";
import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";

/** A template as the gallery shows it. */
export interface Template {
  readonly id: string;
  readonly document: NetloomDocument;
  /** Numbers in its weights; undefined while its data set is not known. */
  readonly parameters: number | undefined;
}

const listSchema = z.array(z.object({ id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/) }));

/** The templates, read from the page's own address, in the order of the book. One that cannot be read is left out. */
export async function loadTemplates(env: InferEnv): Promise<readonly Template[]> {
  const list = await fetch(new URL("templates/", window.document.baseURI));
  if (!list.ok) throw new Error("The templates could not be fetched. Is Netloom still running in its terminal?");
  const ids = listSchema.parse(await list.json());
  const templates = await Promise.all(ids.map(({ id }) => loadTemplate(id, env)));
  return templates.filter((template) => template !== undefined);
}

async function loadTemplate(id: string, env: InferEnv): Promise<Template | undefined> {
  const response = await fetch(new URL(`templates/${id}.json`, window.document.baseURI));
  const read = response.ok ? readDocument(await response.text()) : undefined;
  if (!read?.ok) return undefined;
  const checked = checkDocument(read.document, registry, env);
  return { id, document: read.document, parameters: checked.ok ? checked.totals.parameters : undefined };
}
