import type { Edge, GraphNode, NetloomDocument } from "../../src/document/schema.ts";

/** One residual stage of a row, in order; its shortcut arrives at the sum. */
const stage = ["conv2d", "batch-norm", "relu", "conv2d", "batch-norm", "add", "relu"] as const;
const columns = 40;
/** From node to node, in pixels at 100 %. */
const pitch = { x: 300, y: 180 };

/** Pictures into parallel towers of residual stages, a row of forty nodes each: `count` nodes, every wire with a shape, every sum with two. */
export function bigDocument(count: number): NetloomDocument {
  const nodes: GraphNode[] = [{ id: "data", type: "dataset", params: { name: "fashion-mnist" }, at: [-pitch.x, 0] }];
  const edges: Edge[] = [];
  let shortcut = "";
  for (let i = 0; i < count - 1; i++) {
    const id = `n${i}`;
    const column = i % columns;
    const type = stage[column % stage.length] ?? "relu";
    const params = type === "conv2d" ? { params: { filters: 8, kernel: 3, padding: "same" } } : {};
    nodes.push({ id, type, at: [column * pitch.x, Math.floor(i / columns) * pitch.y], ...params });
    edges.push({ from: column === 0 ? "data.x" : `n${i - 1}.y`, to: `${id}.x` });
    if (type === "add") edges.push({ from: shortcut, to: `${id}.x` });
    if (column % stage.length === 0) shortcut = `${id}.y`;
  }
  return { netloom: 1, name: `${count} nodes`, nodes, edges };
}
