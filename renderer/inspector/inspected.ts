import type { Selection } from "../stores/document.ts";

/** What the inspector is about, in a word: it follows the selection a moment later, and whoever goes there waits until it has. */
export const inspected = ({ selection, graph }: { readonly selection: Selection; readonly graph: string }): string =>
  `${graph} ${selection.nodes.length} ${selection.nodes.at(0) ?? ""} ${selection.nodes.at(-1) ?? ""} ${selection.edges.at(0) ?? ""}`;
