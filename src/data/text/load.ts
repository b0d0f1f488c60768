import type { Dataset, DatasetInfo } from "../../tensor/dataset.ts";
import { assemble } from "../source.ts";
import type { DatasetRequest } from "../types.ts";
import { type TextFacts, textInfo } from "./facts.ts";

/**
 * Loads a text as a data set. What makes tokens is imported only here: the page knows texts by their facts.
 * @throws Error with a message for people if the text is too short for the settings
 */
export async function loadText(
  about: Pick<DatasetInfo, "name" | "title" | "about">,
  text: string,
  facts: TextFacts,
  request: DatasetRequest,
): Promise<Dataset> {
  const options = request.options ?? {};
  const { textExamples } = await import("./examples.ts");
  const { data, coding, names } = textExamples(text, facts, options);
  const info = textInfo(about, facts, options, names);
  return { ...(await assemble(info, data, request, "tail")), coding };
}
