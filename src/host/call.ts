import { z } from "zod";
import type { Answer } from "./answer.ts";
import { type Host, HostError, type HostMethod, hostMethods } from "./contract.ts";

const isHostMethod = (name: unknown): name is HostMethod => typeof name === "string" && Object.hasOwn(hostMethods, name);

/** Calls a method of the host with arguments from outside: parsed first, answered always, never thrown. */
export async function callHost(host: Host, method: unknown, args: unknown): Promise<Answer> {
  try {
    if (!isHostMethod(method))
      throw new HostError("bad-request", `Netloom's host has no method ${typeof method === "string" ? method.slice(0, 40) : "of this kind"}.`);
    const parsed = hostMethods[method].args.safeParse(args);
    if (!parsed.success) throw new HostError("bad-request", `${method}: ${z.prettifyError(parsed.error).slice(0, 1000)}`);
    const value: unknown = await Reflect.apply(host[method], host, parsed.data);
    return { ok: true, value };
  } catch (error) {
    if (error instanceof HostError) return { ok: false, code: error.code, message: error.message };
    return { ok: false, code: "failed", message: `Netloom could not do this: ${error instanceof Error ? error.message : String(error)}` };
  }
}
