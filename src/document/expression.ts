/**
 * Arithmetic over a block's parameters: `"4 * channels"`, `"min(width, 64) / heads"`.
 * Parsed by hand and never evaluated as code. Grammar: `+ - * / %`, unary minus, parentheses, numbers, names,
 * and the functions floor, ceil, round, min, max, sqrt and power: `"power(25, -1 / 2)"` is 25 to the power −1/2.
 */

export type Value = number | string | boolean;
export type Values = Readonly<Record<string, Value>>;
export type Evaluated = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly message: string };

const functions: Readonly<Record<string, (...args: number[]) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  min: Math.min,
  max: Math.max,
  sqrt: Math.sqrt,
  power: (base, exponent) => base ** exponent,
};

/** How many arguments a function takes; of the others any number. */
const arity: Readonly<Record<string, number>> = { floor: 1, ceil: 1, round: 1, sqrt: 1, power: 2 };

const longest = 500;
const deepest = 50;
const token = /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_][A-Za-z0-9_]*)|([-+*/%(),]))/y;

class Fault extends Error {}

/** The value of an arithmetic text, where names stand for `values`; a message for people if it has none. */
export function evaluate(text: string, values: Values): Evaluated {
  if (text.length > longest) return { ok: false, message: `The expression is longer than ${longest} characters.` };
  try {
    const value = new Parser(text, values).parse();
    return Number.isFinite(value) ? { ok: true, value } : { ok: false, message: `"${text}" is not a finite number.` };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, message: error.message };
    throw error;
  }
}

/** A recursive-descent parser that computes as it goes. */
class Parser {
  private at = 0;
  private depth = 0;
  private current: string | undefined;

  constructor(
    private readonly text: string,
    private readonly values: Values,
  ) {}

  parse(): number {
    this.next();
    const value = this.sum();
    if (this.current !== undefined) throw new Fault(`"${this.current}" is not expected there in "${this.text}".`);
    return value;
  }

  private next(): void {
    token.lastIndex = this.at;
    const match = token.exec(this.text);
    if (match) {
      this.at = token.lastIndex;
      this.current = match[0].trim();
    } else if (this.text.slice(this.at).trim() === "") this.current = undefined;
    else throw new Fault(`"${this.text.slice(this.at).trim().slice(0, 10)}" cannot be read as arithmetic in "${this.text}".`);
  }

  private take(symbol: string): boolean {
    if (this.current !== symbol) return false;
    this.next();
    return true;
  }

  private sum(): number {
    if (++this.depth > deepest) throw new Fault(`"${this.text}" is nested too deeply.`);
    let value = this.product();
    for (;;) {
      if (this.take("+")) value += this.product();
      else if (this.take("-")) value -= this.product();
      else break;
    }
    this.depth--;
    return value;
  }

  private product(): number {
    let value = this.factor();
    for (;;) {
      if (this.take("*")) value *= this.factor();
      else if (this.take("/")) value /= this.factor();
      else if (this.take("%")) value %= this.factor();
      else return value;
    }
  }

  private factor(): number {
    let sign = 1;
    while (this.take("-")) sign = -sign;
    return sign * this.atom();
  }

  private atom(): number {
    const here = this.current;
    if (here === undefined) throw new Fault(`"${this.text}" ends too early.`);
    if (this.take("(")) {
      const value = this.sum();
      if (!this.take(")")) throw new Fault(`A closing parenthesis is missing in "${this.text}".`);
      return value;
    }
    this.next();
    if (/^[\d.]/.test(here)) return Number(here);
    if (!/^[A-Za-z_]/.test(here)) throw new Fault(`"${here}" is not expected there in "${this.text}".`);
    return Object.hasOwn(functions, here) && this.current === "(" ? this.call(here) : this.lookUp(here);
  }

  private call(name: string): number {
    this.next();
    const args = [this.sum()];
    while (this.take(",")) args.push(this.sum());
    if (!this.take(")")) throw new Fault(`A closing parenthesis is missing in "${this.text}".`);
    const wanted = arity[name];
    if (wanted !== undefined && args.length !== wanted)
      throw new Fault(`"${name}" takes ${wanted === 1 ? "one number" : "two numbers"}, not ${args.length}, in "${this.text}".`);
    return functions[name]?.(...args) ?? Number.NaN;
  }

  private lookUp(name: string): number {
    const value = Object.hasOwn(this.values, name) ? this.values[name] : undefined;
    if (typeof value === "number") return value;
    if (value !== undefined) throw new Fault(`The parameter "${name}" is not a number.`);
    const names = Object.keys(this.values);
    const known = names.length > 0 ? `Known: ${names.join(", ")}.` : "There are no block parameters here.";
    const where = this.text.trim() === name ? "" : ` in "${this.text}"`;
    throw new Fault(`"${name}"${where} is not a parameter. ${known}`);
  }
}
