import { z } from "zod";
import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";

const listSchema = z.array(
  z.object({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    name: z.string(),
    about: z.object({ chapter: z.string().optional(), text: z.string().optional() }).optional(),
  }),
);

/** A template as the gallery lists it; its document is fetched when its card comes into sight. */
export type Template = z.infer<typeof listSchema>[number];

/** Chapters of the book that templates belong to, in our words. */
export const chapters: Readonly<Record<string, string>> = {
  "10": "Convolutional networks",
  "11": "Residual networks",
  "12": "Transformers",
  "13": "Graph neural networks",
  "14": "Learning without labels",
  "15": "Adversarial networks",
  "16": "Normalising flows",
  "17": "Variational autoencoders",
};

export const chapterOf = ({ about }: Template): string => about?.chapter?.split(".")[0] ?? "";

/** All templates, in the order of the book. */
export async function listTemplates(): Promise<readonly Template[]> {
  const list = await fetch(new URL("templates/", window.document.baseURI));
  if (!list.ok) throw new Error("The templates could not be fetched. Is Netloom still running in its terminal?");
  return listSchema.parse(await list.json());
}

const documents = new Map<string, Promise<NetloomDocument>>();

/** A template's document, fetched once. Rejects with a message for people if it cannot be read. */
export function openTemplate(id: string): Promise<NetloomDocument> {
  const known = documents.get(id);
  if (known) return known;
  const opening = fetchTemplate(id);
  documents.set(id, opening);
  opening.catch(() => documents.delete(id));
  return opening;
}

async function fetchTemplate(id: string): Promise<NetloomDocument> {
  const response = await fetch(new URL(`templates/${id}.json`, window.document.baseURI));
  const read = response.ok ? readDocument(await response.text()) : undefined;
  if (!read?.ok) throw new Error(`The template ${id} cannot be read.`);
  return read.document;
}

/** Templates in whose name, section or text all words of a search stand: those whose name has most of them first, else in the book's order. */
export function matching(templates: readonly Template[], search: string): readonly Template[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const inName = ({ id, name }: Template) => words.filter((word) => `${id} ${name}`.toLowerCase().includes(word)).length;
  return templates
    .filter((template) => {
      const { id, name, about } = template;
      const text = `${id} ${name} ${about?.chapter ?? ""} ${about?.text ?? ""} ${chapters[chapterOf(template)] ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => inName(b) - inName(a));
}
