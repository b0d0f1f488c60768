import { type Buffer, headWords, type Word } from "./emit.ts";

/** Commands as rows of words, and where in them addresses must be put. */
export interface CommandList {
  readonly words: number[];
  readonly count: number;
  /** Index of a word that is to hold the address of a buffer. */
  readonly addresses: readonly { readonly at: number; readonly buffer: Buffer }[];
  add(opcode: number, chunks: number, args: readonly Word[]): void;
}

export function createCommandList(): CommandList {
  const words: number[] = [];
  const addresses: { at: number; buffer: Buffer }[] = [];
  let count = 0;
  return {
    words,
    addresses,
    get count() {
      return count;
    },
    add(opcode, chunks, args) {
      words.push(opcode, headWords + args.length, chunks, 0);
      for (const word of args) {
        if (typeof word === "number") words.push(word);
        else {
          addresses.push({ at: words.length, buffer: word });
          words.push(0);
        }
      }
      count++;
    },
  };
}
