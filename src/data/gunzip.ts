/** Unpacks a bundled file. The library is loaded with the first: the page knows facts on data sets, and never unpacks one. */
export const gunzip = async (packed: Promise<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> => {
  const { gunzipSync } = await import("fflate");
  return gunzipSync(await packed);
};
