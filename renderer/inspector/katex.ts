import katex from "katex";
import "katex/dist/katex.min.css";

/** HTML of a formula, a line for each of its parts; a fault in it is shown in place, not thrown. */
export const renderEquation = (source: string): string =>
  source
    .split(/[,;]?\s*\\q?quad\b\s*/)
    .filter((part) => part !== "")
    .map(renderLine)
    .join("");

const renderLine = (source: string): string =>
  katex.renderToString(source, { displayMode: true, throwOnError: false, output: "html", strict: "ignore" });
