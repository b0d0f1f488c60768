import katex from "katex";
import "katex/dist/katex.min.css";

/** HTML of a formula; a fault in it is shown in place, not thrown. */
export const renderEquation = (source: string): string =>
  katex.renderToString(source, { displayMode: true, throwOnError: false, output: "html", strict: "ignore" });
