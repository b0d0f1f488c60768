import { version } from "../../package.json";

/** Written into exported files: `"Netloom 0.1.0"`. */
export const generator = `Netloom ${version}`;
