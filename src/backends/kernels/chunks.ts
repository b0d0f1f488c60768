/** Bytes that one thread moves in some ten to twenty microseconds. */
const bytesOfChunk = 131072;

/** Chunks of a command that writes so many bytes as fast as memory takes them; one where sharing would not pay. */
export const chunksFor = (bytes: number, most = 32): number => Math.max(1, Math.min(most, Math.round(bytes / bytesOfChunk)));
