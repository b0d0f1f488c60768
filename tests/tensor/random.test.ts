import fc from "fast-check";
import { expect, it } from "vitest";
import { rng } from "../../src/tensor/random.ts";

it("arrays are filled with what single draws give, whatever was drawn before", () => {
  const draw = fc.tuple(fc.constantFrom("normal" as const, "uniform" as const), fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(fc.integer(), fc.array(draw, { maxLength: 8 }), (seed, draws) => {
      const filled = rng(seed, "stream");
      const single = rng(seed, "stream");
      for (const [distribution, length] of draws) {
        const out = new Float32Array(length);
        if (distribution === "normal") filled.fillNormal(out);
        else filled.fillUniform(out);
        expect(out).toEqual(Float32Array.from({ length }, () => single[distribution]()));
      }
    }),
  );
});

it("a stream's numbers stay what they are: runs of earlier versions can be repeated", () => {
  const stream = rng(7, "dropout", 3);
  expect([stream.uniform(), stream.normal(), stream.normal(), stream.int(1000)]).toMatchInlineSnapshot(`
    [
      0.4767379604745656,
      0.8506057112091455,
      -0.23273263545239625,
      287,
    ]
  `);
});
