import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/document/expression.ts";

const values = { channels: 64, stride: 2, name: "relu" };
const value = (text: string) => {
  const result = evaluate(text, values);
  return result.ok ? result.value : result.message;
};

describe("arithmetic over block parameters", () => {
  it.each([
    ["4 * channels", 256],
    ["channels / stride - 1", 31],
    ["-(2 + 3) * 4 % 7", -6],
    ["2 - 3 - 4", -5],
    ["min(channels, 10) + max(1, 2) + floor(2.7) + ceil(0.1) + round(1.5)", 17],
    ["1e2", 100],
    ["power(25, -1 / 2)", 0.2],
    ["sqrt(channels) + power(2, 3)", 16],
  ])("computes %s", (text, expected) => expect(value(text)).toBe(expected));

  it.each([
    ["4 * width", /"width".*not a parameter.*channels, stride, name/],
    ["name + 1", /not a number/],
    ["(1 + 2", /parenthesis/],
    ["1 +", /ends too early/],
    ["1 2", /not expected/],
    ["channels; process.exit()", /cannot be read/],
    ["1 / 0", /not a finite number/],
    ["sqrt(-1)", /not a finite number/],
    ["power(2)", /"power" takes two numbers, not 1/],
    ["sqrt(1, 2)", /"sqrt" takes one number, not 2/],
    ["constructor", /not a parameter/],
    ["(".repeat(400), /nested too deeply/],
  ])("says what is wrong with %s", (text, message) => expect(value(text)).toMatch(message));

  it("agrees with JavaScript on random sums and products", () => {
    const leaf = fc.integer({ min: 1, max: 99 }).map(String);
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*"), tie("tree")).map(([a, op, b]) => `(${a} ${op} ${b})`),
      ),
    }));
    fc.assert(
      fc.property(tree, (text) => value(text) === new Function(`return ${text}`)()),
      { seed: 1 },
    );
  });
});
