import { describe, expect, it } from "vitest";
import { openTemplate } from "../support/templates.ts";

/** What the templates of chapter 10 show without any training. */

const fieldsOf = (row: string): number[] => {
  const { checked } = openTemplate("receptive-field");
  return [1, 2, 3, 4].map((i) => checked.facts[checked.byPath.get(`${row}${i}`) ?? -1]?.receptiveField?.[0] ?? 0);
};

describe("receptive fields", () => {
  it("grow by two with each kernel of size 3", () => expect(fieldsOf("plain")).toEqual([3, 5, 7, 9]));
  it("double with stride 2", () => expect(fieldsOf("strided")).toEqual([3, 7, 15, 31]));
  it("double with dilation 1, 2, 4, 8", () => expect(fieldsOf("dilated")).toEqual([3, 7, 15, 31]));
});

describe("networks in full size", () => {
  it("count as in their papers", () => {
    expect(openTemplate("alexnet").checked.totals.parameters).toBe(60_965_224);
    expect(openTemplate("vgg").checked.totals.parameters).toBe(143_667_240);
  });
});

it("a separable convolution has about a ninth of the weights of an ordinary one", () => {
  const { checked } = openTemplate("mobilenet");
  const facts = checked.facts[checked.byPath.get("block4/conv") ?? -1];
  expect((facts?.parameters ?? 0) / (9 * 64 * 128)).toBeCloseTo(1 / 9, 1);
});
