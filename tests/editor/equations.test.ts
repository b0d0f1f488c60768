import { describe, expect, test } from "vitest";
import { renderEquation } from "../../renderer/inspector/katex.ts";
import { registry } from "../../src/layers/registry.ts";

describe("equations", () => {
  const all = [...registry.values()].flatMap(({ type, explain }) => (explain.equation ? [[type, explain.equation] as const] : []));

  test.each(all)("of %s can be set", (_, equation) => {
    const html = renderEquation(equation);
    expect(html).toContain("katex-display");
    expect(html).not.toContain("katex-error");
  });

  test("a fault in a formula is shown in place", () => {
    expect(renderEquation("\\frac{1}")).toContain("katex-error");
  });

  test("parts with a wide space between them stand on lines of their own", () => {
    expect(renderEquation("a = b, \\quad c = d").match(/katex-display/g)).toHaveLength(2);
  });
});
