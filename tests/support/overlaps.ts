import type { NetloomDocument } from "../../src/document/schema.ts";

/** Width and height of a node on the canvas, its ports and figures included. */
const sizeOf = (type: string): [width: number, height: number] => (type.startsWith("preview.") ? [240, 360] : [200, 130]);

/** Pairs of nodes that stand on each other. */
export function overlaps({ nodes }: Pick<NetloomDocument, "nodes">): string[] {
  const boxes = nodes.map(({ id, type, at = [0, 0] }) => ({
    id,
    left: at[0],
    top: at[1],
    right: at[0] + sizeOf(type)[0],
    bottom: at[1] + sizeOf(type)[1],
  }));
  return boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b) => (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom ? [`${a.id} and ${b.id}`] : [])),
  );
}
