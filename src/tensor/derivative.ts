import * as tf from "@tensorflow/tfjs-core";

/**
 * ∂(Σ of)/∂by, or Σ along · ∂of/∂by: a tensor of `by`'s shape, zeros where `of` does not depend on it. `by` must have come before `of` on
 * the gradient tape that is on now. The result is on the tape, too, so it can be differentiated again; the caller's tidy owns it.
 * @param along of the shape of `of`
 */
export function derivative(of: tf.Tensor, by: tf.Tensor, along?: tf.Tensor): tf.Tensor {
  if (!tf.engine().isTapeOn()) return tf.zerosLike(by);
  const [gradient] = tf.engine().gradients(() => of, [by], along, true).grads as (tf.Tensor | undefined)[];
  settleTape();
  return gradient ?? tf.zerosLike(by);
}

/** Runs something with a gradient tape on, outside of which there is none. The caller's tidy owns what it gives. */
export function onTape(run: () => tf.Tensor[]): tf.Tensor[] {
  const engine = tf.engine();
  let results: tf.Tensor[] = [];
  const nothing = tf.scalar(0);
  try {
    engine.gradients(
      () => {
        results = run().map((tensor) => tf.keep(tf.clone(tensor)));
        return nothing;
      },
      [nothing],
      undefined,
      true,
    );
  } catch (thrown) {
    // tfjs lets go what the tape has saved only when all goes well.
    for (const node of engine.state.activeTape ?? []) tf.dispose(node.saved);
    throw thrown;
  }
  const given = results.map((tensor) => tf.clone(tensor));
  tf.dispose([nothing, ...results]);
  return given;
}

/**
 * Puts every operation on the tape behind those that made its inputs. tfjs saves a result that the gradient needs (of tanh, say) as a copy
 * and notes the copy before the operation that it copies: on the way back through a gradient that copy would be taken for a constant.
 */
function settleTape(): void {
  const { state } = tf.engine();
  const made = new Map(state.activeTape.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)));
  const placed = new Set<(typeof state.activeTape)[number]>();
  const place = (node: (typeof state.activeTape)[number]): void => {
    if (placed.has(node)) return;
    placed.add(node);
    for (const input of Object.values(node.inputs)) {
      const before = made.get(input.id);
      if (before) place(before);
    }
    settled.push(node);
  };
  const settled: typeof state.activeTape = [];
  for (const node of state.activeTape) place(node);
  state.activeTape = settled;
}
