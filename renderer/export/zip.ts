/** One zip of all files, packed off the page's thread. fflate is only loaded when something is packed. */
export async function zipFiles(files: readonly (readonly [string, Uint8Array])[]): Promise<Blob> {
  const { zip } = await import("fflate");
  const packed = await new Promise<Uint8Array>((resolve, reject) =>
    zip(Object.fromEntries(files.map(([name, bytes]) => [name, bytes])), { level: 6 }, (error, bytes) => (error ? reject(error) : resolve(bytes))),
  );
  return new Blob([new Uint8Array(packed)], { type: "application/zip" });
}
