import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from "electron";
import type { Answer } from "../src/host/answer.ts";
import { callHost } from "../src/host/call.ts";
import type { HostEvent } from "../src/host/contract.ts";
import type { HostSession } from "../src/host/node-host.ts";
import { channels } from "./channels.ts";
import { isAppAddress } from "./protocol.ts";

/** Who may call: the top frame of a window that shows the app itself. */
const fromApp = ({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean =>
  senderFrame !== null && senderFrame.parent === null && isAppAddress(senderFrame.url);

const refused: Answer = { ok: false, code: "not-allowed", message: "Only Netloom's own page may call its host." };

/** A window's connection to its session. */
export interface Line {
  /** Kept until the page listens: a file opened from the desktop arrives before the page is there. */
  send(event: HostEvent): void;
  close(): void;
}

/** The part of `ipcMain` that is used. */
interface Ipc {
  handle(channel: string, listener: (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown): void;
  on(channel: string, listener: (event: IpcMainEvent, ...args: unknown[]) => unknown): unknown;
}

/** Wires Host to IPC: every call is checked for its sender here and parsed by the schemas of `hostMethods` in `callHost`. */
export function createExchange(ipc: Ipc) {
  const sessions = new Map<number, { readonly session: HostSession; listen(): void }>();

  ipc.handle(channels.call, async (event, method, args): Promise<Answer> => {
    const found = sessions.get(event.sender.id);
    if (found === undefined || !fromApp(event)) return refused;
    return callHost(found.session, method, args);
  });
  ipc.on(channels.listen, (event) => {
    if (fromApp(event)) sessions.get(event.sender.id)?.listen();
  });

  return {
    connect(contents: Pick<WebContents, "id" | "send">, session: HostSession): Line {
      // Asked now: a closed window's contents answer nothing any more, not even their number.
      const { id } = contents;
      let waiting: HostEvent[] | undefined = [];
      const send = (event: HostEvent): void => {
        if (waiting === undefined) contents.send(channels.event, event);
        else waiting.push(event);
      };
      const stop = session.onEvent(send);
      const listen = (): void => {
        const kept = waiting ?? [];
        waiting = undefined;
        for (const event of kept) send(event);
      };
      sessions.set(id, { session, listen });
      return {
        send,
        close() {
          stop();
          sessions.delete(id);
        },
      };
    },
  };
}
export type Exchange = ReturnType<typeof createExchange>;
