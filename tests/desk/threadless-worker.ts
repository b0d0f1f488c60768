import * as Comlink from "comlink";

/** A worker in this very thread: messages go through a channel, `fail` is what an uncaught error looks like. */
export class ThreadlessWorker extends EventTarget {
  readonly #channel = new MessageChannel();
  onerror = null;
  onmessage = null;
  onmessageerror = null;
  terminated = false;

  constructor(api: object) {
    super();
    Comlink.expose(api, this.#channel.port2);
    this.#channel.port1.onmessage = (event) => this.dispatchEvent(new MessageEvent("message", { data: event.data, ports: [...event.ports] }));
  }
  postMessage(message: unknown, transfer: Transferable[] | StructuredSerializeOptions = []): void {
    this.#channel.port1.postMessage(message, Array.isArray(transfer) ? transfer : (transfer.transfer ?? []));
  }
  terminate(): void {
    this.terminated = true;
    this.#channel.port1.close();
  }
  fail(message: string): void {
    this.dispatchEvent(Object.assign(new Event("error"), { message }));
  }
}
