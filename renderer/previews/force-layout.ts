/** Places on a plane, `[x, y, x, y, …]`. */
export type Places = Float64Array;

const rounds = 150;

/**
 * Fruchterman and Reingold's springs, cooled over a fixed number of rounds: the same graph always lies the same. Nodes push each other
 * only within two ideal distances, which cells of a grid find: time grows with nodes and edges, not with pairs of nodes.
 * @param edges pairs of node numbers, those of a node with itself are ignored
 */
export function forceLayout(edges: ArrayLike<number>, count: number): Places {
  const places = new Float64Array(2 * count);
  // Sunflower seeds: evenly spread, in no order that the edges could follow.
  for (let i = 0; i < count; i++) {
    const radius = Math.sqrt((i + 0.5) / count);
    places[2 * i] = radius * Math.cos(2.399963 * i);
    places[2 * i + 1] = radius * Math.sin(2.399963 * i);
  }
  const ideal = Math.sqrt(Math.PI / Math.max(1, count));
  const moves = new Float64Array(2 * count);
  for (let round = 0; round < rounds; round++) {
    moves.fill(0);
    push(places, moves, count, ideal);
    pull(edges, places, moves, ideal);
    const heat = 0.15 * (1 - round / rounds) ** 2 + ideal * 0.02;
    for (let i = 0; i < 2 * count; i += 2) {
      const [x = 0, y = 0] = [moves[i], moves[i + 1]];
      const length = Math.hypot(x, y) || 1;
      const step = Math.min(length, heat) / length;
      // A little gravity keeps parts that no edge joins in sight.
      places[i] = 0.995 * (places[i] as number) + x * step;
      places[i + 1] = 0.995 * (places[i + 1] as number) + y * step;
    }
  }
  return places;
}

/** Nodes that are near push each other apart with ideal² / distance. */
function push(places: Places, moves: Float64Array, count: number, ideal: number): void {
  const reach = 2 * ideal;
  const cells = new Map<string, number[]>();
  const cellOf = (value: number) => Math.floor(value / reach);
  for (let i = 0; i < count; i++) {
    const key = `${cellOf(places[2 * i] as number)} ${cellOf(places[2 * i + 1] as number)}`;
    const cell = cells.get(key);
    if (cell) cell.push(i);
    else cells.set(key, [i]);
  }
  for (let i = 0; i < count; i++) {
    const [x = 0, y = 0] = [places[2 * i], places[2 * i + 1]];
    for (let column = cellOf(x) - 1; column <= cellOf(x) + 1; column++)
      for (let row = cellOf(y) - 1; row <= cellOf(y) + 1; row++)
        for (const j of cells.get(`${column} ${row}`) ?? []) {
          if (j <= i) continue;
          const dx = x - (places[2 * j] as number) || 1e-4 * (i - j);
          const dy = y - (places[2 * j + 1] as number);
          const squared = dx * dx + dy * dy;
          if (squared > reach * reach) continue;
          shift(moves, i, j, (ideal * ideal) / squared, dx, dy);
        }
  }
}

/** Ends of an edge pull each other together with distance² / ideal. */
function pull(edges: ArrayLike<number>, places: Places, moves: Float64Array, ideal: number): void {
  for (let e = 0; e < edges.length; e += 2) {
    const [a = 0, b = 0] = [edges[e], edges[e + 1]];
    if (a >= b) continue;
    const dx = (places[2 * a] as number) - (places[2 * b] as number);
    const dy = (places[2 * a + 1] as number) - (places[2 * b + 1] as number);
    shift(moves, a, b, -Math.hypot(dx, dy) / ideal, dx, dy);
  }
}

function shift(moves: Float64Array, a: number, b: number, factor: number, dx: number, dy: number): void {
  moves[2 * a] = (moves[2 * a] as number) + factor * dx;
  moves[2 * a + 1] = (moves[2 * a + 1] as number) + factor * dy;
  moves[2 * b] = (moves[2 * b] as number) - factor * dx;
  moves[2 * b + 1] = (moves[2 * b + 1] as number) - factor * dy;
}
