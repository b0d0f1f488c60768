import { HostError, type HostErrorCode } from "./contract.ts";

/** A method's answer as it crosses a process: thrown errors lose their code on the way, data does not. */
export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: HostErrorCode; readonly message: string };

/** The value of an answer. @throws HostError */
export function unwrap(answer: Answer): unknown {
  if (answer.ok) return answer.value;
  throw new HostError(answer.code, answer.message);
}
