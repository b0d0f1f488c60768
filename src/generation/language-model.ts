/** A network that says which token comes next, for several texts at once. */
export interface LanguageModel {
  /** How many different tokens there are. */
  readonly classes: number;
  /** Begins with these texts, equally long and not empty. @returns logits of what follows, `[rows, classes]` */
  begin(texts: readonly (readonly number[])[]): Promise<Float32Array>;
  /** Each new text is an earlier one (by its row) and a token more. @returns logits of what follows, `[rows, classes]` */
  extend(rows: readonly { readonly row: number; readonly token: number }[]): Promise<Float32Array>;
}

/** Computes logits for texts: all of a text anew, or what its last token adds to what is known. */
export interface Computation {
  /** `[rows, classes]` after texts that are equally long, at most `context` tokens. */
  whole(texts: readonly (readonly number[])[]): Promise<Float32Array>;
  /** The same after texts that continue those of the last call, by row, with one token; undefined if it knows nothing of them. */
  step?(texts: readonly (readonly number[])[], rows: readonly number[]): Promise<Float32Array>;
}

/**
 * Keeps the texts, and keeps them within what the network can see: a text that has grown beyond is cut to its later half. So positions
 * move only now and then, and what was computed for them can be kept meanwhile.
 */
export function createLanguageModel(
  computation: Computation,
  { classes, context }: { readonly classes: number; readonly context: number },
): LanguageModel {
  const kept = Math.max(1, Math.floor(context / 2));
  let texts: readonly (readonly number[])[] = [];
  return {
    classes,
    async begin(first) {
      texts = first.map((text) => (text.length > context ? text.slice(-kept) : text));
      return computation.whole(texts);
    },
    async extend(rows) {
      const longer = rows.map(({ row, token }) => [...(texts[row] ?? []), token]);
      const cut = (longer[0]?.length ?? 0) > context;
      texts = cut ? longer.map((text) => text.slice(-kept)) : longer;
      if (cut || !computation.step) return computation.whole(texts);
      return computation.step(
        texts,
        rows.map(({ row }) => row),
      );
    },
  };
}
