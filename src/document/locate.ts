/** Finds places in a JSON text, so that a complaint on `nodes[3].params` can say which line that is. */

export type JsonPath = readonly (string | number)[];

/** The line (from 1) where the value at `path` begins, or of the deepest ancestor there is. */
export function lineOf(text: string, path: JsonPath): number {
  let at = 0;
  let found = 0;
  const space = () => {
    while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
  };
  const string = (): string => {
    const start = at++;
    while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    at++;
    return text.slice(start + 1, at - 1);
  };
  /** Passes over one value without looking inside. */
  const skip = () => {
    let depth = 0;
    do {
      space();
      const c = text[at];
      if (c === '"') string();
      else if (c === "{" || c === "[") {
        depth++;
        at++;
      } else if (c === "}" || c === "]") {
        depth--;
        at++;
      } else if (c === "," || c === ":") at++;
      else while (at < text.length && !",:]} \t\r\n".includes(text.charAt(at))) at++;
    } while (depth > 0 && at < text.length);
  };
  const enter = (step: string | number): boolean => {
    space();
    const opened = text[at];
    if (opened !== (typeof step === "number" ? "[" : "{")) return false;
    at++;
    for (let index = 0; at < text.length; index++) {
      space();
      if (text[at] === "}" || text[at] === "]") return false;
      if (opened === "{") {
        const key = string();
        space();
        at++;
        if (key === step) return true;
      } else if (index === step) return true;
      skip();
      space();
      if (text[at] === ",") at++;
    }
    return false;
  };
  for (const step of path) {
    if (!enter(step)) break;
    space();
    found = at;
  }
  return lineAt(text, found);
}

/** The line (from 1) of a character. */
export function lineAt(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < at; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

/** `nodes[3].params.kernel`, as people write it. */
export const formatPath = (path: JsonPath): string =>
  path.reduce<string>((text, step) => (typeof step === "number" ? `${text}[${step}]` : text ? `${text}.${step}` : step), "");
