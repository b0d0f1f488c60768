/** Something in the graph that a format has no words for; becomes a problem of the export's result. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    message: string,
    /** Path of the node. */
    readonly node?: string,
  ) {
    super(message);
  }
}
