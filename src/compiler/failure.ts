/** A node that could not run: the message is for people, `path` says which node of the flat graph. */
export class NodeFailure extends Error {
  override readonly name = "NodeFailure";

  constructor(
    readonly path: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`"${path}": ${reason}`, options);
  }
}

/** What went wrong, in words, of anything that was thrown. */
export const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
