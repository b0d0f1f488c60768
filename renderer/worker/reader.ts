import type { DataReader, Picture } from "../../src/data/types.ts";

/** Data as the app's worker gets them: bundled files from the page's own address, a person's files through the page. */
export function createReader(base: string, readUser: (name: string) => Promise<Uint8Array>): DataReader {
  return {
    async bundled(name) {
      const response = await fetch(new URL(`data/${name}`, base)).catch(() => undefined);
      if (!response?.ok) throw new Error(`The bundled file ${name} could not be fetched. Is Netloom still running in its terminal?`);
      return new Uint8Array(await response.arrayBuffer());
    },
    user: readUser,
    decodeImage,
  };
}

/** Decodes a picture of any kind that the browser knows. */
async function decodeImage(bytes: Uint8Array): Promise<Picture> {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  try {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("This browser cannot decode pictures in the background.");
    context.drawImage(bitmap, 0, 0);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  } finally {
    bitmap.close();
  }
}
