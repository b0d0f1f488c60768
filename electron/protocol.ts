import type { CustomScheme, Protocol } from "electron";
import { type AssetFolders, answerAsset } from "../src/host/assets.ts";

/** The app's own scheme: a secure, isolated origin without a server or a file path. */
export const appScheme: CustomScheme = {
  scheme: "app",
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};
export const appAddress = "app://netloom/";

/** True for the app's own pages; `startsWith` alone would also take `app://netloom.example`. */
export function isAppAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host } = new URL(address);
  return protocol === "app:" && host === "netloom";
}

/** Answers `app://netloom/…` with the same files and headers as `netloom serve`. */
export function handleAppScheme(protocol: Pick<Protocol, "handle">, assets: AssetFolders): void {
  protocol.handle(appScheme.scheme, async (request) => {
    if (request.method !== "GET" || !isAppAddress(request.url)) return new Response("There is nothing here.", { status: 404 });
    const { status, headers, body } = await answerAsset(assets, new URL(request.url).pathname);
    return new Response(body, { status, headers });
  });
}
