import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labelHeight, labelWidth, placeLabels } from "../../renderer/canvas/labels.ts";
import { curvePoint, distanceTo, wireCurve } from "../../renderer/canvas/wire-path.ts";
import { align, distribute, layOut } from "../../renderer/editor/arrange.ts";
import { neighbour } from "../../renderer/editor/navigate.ts";
import { fallbackPlaces, overlap, type Rect } from "../../renderer/editor/place.ts";
import { doc, node, wire } from "./documents.ts";

const rect = (x: number, y: number, width = 200, height = 80): Rect => ({ x, y, width, height });
const rects = fc.dictionary(
  fc.constantFrom("a", "b", "c", "d", "e", "f"),
  fc.record({
    x: fc.integer({ min: -2000, max: 2000 }),
    y: fc.integer({ min: -2000, max: 2000 }),
    width: fc.integer({ min: 50, max: 300 }),
    height: fc.integer({ min: 30, max: 200 }),
  }),
  { minKeys: 3 },
);

describe("arranging", () => {
  test("aligned nodes share the edge, and nothing else of them moves", () => {
    fc.assert(
      fc.property(rects, (some) => {
        const all = new Map(Object.entries(some));
        const places = align(all, "right");
        const edges = [...places].map(([id, [x]]) => x + (all.get(id)?.width ?? 0));
        expect(new Set(edges).size).toBe(1);
        for (const [id, [, y]] of places) expect(y).toBe(all.get(id)?.y);
      }),
    );
  });

  test("distributed nodes have equal gaps, the outermost stay", () => {
    const all = new Map([
      ["a", rect(0, 0, 100)],
      ["b", rect(130, 0, 50)],
      ["c", rect(500, 0, 200)],
    ]);
    const places = distribute(all, "horizontally");
    expect([places.get("a")?.[0], places.get("b")?.[0], places.get("c")?.[0]]).toEqual([0, 275, 500]);
  });

  test("a laid out graph flows to the right and no node covers another", async () => {
    const ids = Array.from({ length: 14 }, (_, i) => `n${i}`);
    const all = new Map(ids.map((id) => [id, rect(0, 0)]));
    const wires = ids.slice(1).map((id, i) => [`n${Math.floor(i / 2)}`, id] as const);
    const places = await layOut(all, wires);
    const laid = [...places].map(([, [x, y]]) => rect(x, y));
    for (const [i, a] of laid.entries()) for (const b of laid.slice(i + 1)) expect(overlap(a, b)).toBe(false);
    for (const [from, to] of wires) expect(places.get(to)?.[0]).toBeGreaterThan((places.get(from)?.[0] ?? 0) + 200);
  });

  test("nodes without a place get one of their own, after what they depend on", () => {
    const graph = doc(
      [node("b", "relu"), node("a", "dense"), node("c", "add"), node("d", "relu")],
      [wire("a.y", "b.x"), wire("b.y", "c.x"), wire("a.y", "d.x")],
    );
    const places = fallbackPlaces(graph);
    const x = (id: string) => places.get(id)?.[0] ?? Number.NaN;
    expect(x("a")).toBeLessThan(x("b"));
    expect(x("b")).toBeLessThan(x("c"));
    expect(new Set([...places.values()].map(String)).size).toBe(4);
  });
});

describe("walking by arrows", () => {
  const all = new Map([
    ["a", rect(0, 0)],
    ["b", rect(300, 0)],
    ["c", rect(300, 200)],
    ["far", rect(2000, 10)],
  ]);

  test("right and left follow the wires, to the end that is most level", () => {
    const wires = [
      ["a", "c"],
      ["a", "far"],
    ] as const;
    expect(neighbour(all, wires, "a", "right")).toBe("far");
    expect(neighbour(all, wires, "c", "left")).toBe("a");
  });

  test("up and down go through the column", () => {
    expect(neighbour(all, [], "b", "down")).toBe("c");
    expect(neighbour(all, [], "c", "up")).toBe("b");
    expect(neighbour(all, [], "a", "up")).toBeUndefined();
  });

  test("where no wire leads the nearest node in that direction is next", () => {
    expect(neighbour(all, [], "a", "right")).toBe("b");
  });

  test("any node can be reached from any other that lies in a row with it", () => {
    const row = new Map(Array.from({ length: 8 }, (_, i) => [`n${i}`, rect(i * 250, (i % 3) * 10)]));
    let at: string | undefined = "n0";
    for (let i = 0; i < 7; i++) at = at && neighbour(row, [], at, "right");
    expect(at).toBe("n7");
  });
});

describe("labels of wires", () => {
  const label = "[·, 19, 15]";
  const box = (at: { x: number; y: number }) => rect(at.x - labelWidth(label) / 2, at.y - labelHeight / 2, labelWidth(label), labelHeight);

  test("stand in the middle of a wire with room", () => {
    const placed = placeLabels([{ id: "w", from: { x: 200, y: 40 }, to: { x: 400, y: 40 }, text: label, source: "a.y" }], [rect(0, 0), rect(400, 0)]);
    expect(placed.get("w")).toEqual({ x: 300, y: 40 });
  });

  test("wires of one output bear one label", () => {
    const wires = [60, 300].map((y, i) => ({ id: `w${i}`, from: { x: 200, y: 40 }, to: { x: 500, y }, text: label, source: "a.y" }));
    expect(placeLabels(wires, []).size).toBe(1);
  });

  test("never cover a node nor each other", () => {
    const point = fc.record({ x: fc.integer({ min: 0, max: 1500 }), y: fc.integer({ min: 0, max: 900 }) });
    fc.assert(
      fc.property(rects, fc.array(fc.tuple(point, point), { maxLength: 12 }), (nodes, wires) => {
        const placed = placeLabels(
          wires.map(([from, to], i) => ({ id: `w${i}`, from, to, text: label, source: `n${i}.y` })),
          Object.values(nodes),
        );
        const boxes = [...placed.values()].map(box);
        for (const [i, a] of boxes.entries()) {
          for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(false);
          for (const other of Object.values(nodes)) expect(overlap(a, other)).toBe(false);
        }
      }),
    );
  });
});

describe("pointing at a wire", () => {
  const place = fc.record({ x: fc.integer({ min: -2000, max: 2000 }), y: fc.integer({ min: -2000, max: 2000 }) });

  test("a point is as far from a wire as from the nearest of many points of it, and too far is told as that", () => {
    fc.assert(
      fc.property(place, place, place, fc.integer({ min: 1, max: 3000 }), (from, to, at, reach) => {
        const curve = wireCurve(from, to);
        const far = Math.min(
          ...Array.from({ length: 2001 }, (_, i) => {
            const point = curvePoint(curve, i / 2000);
            return Math.hypot(point.x - at.x, point.y - at.y);
          }),
        );
        const told = distanceTo(curve, at, reach);
        // Straight pieces cut the corners of a curve a little.
        if (told === Number.POSITIVE_INFINITY) expect(far).toBeGreaterThan(reach - 12);
        else expect(Math.abs(told - far)).toBeLessThan(12);
      }),
    );
  });
});
