import { create } from "zustand";
import type { Host, HostInfo } from "../../src/host/contract.ts";
import type { DataLibrary } from "../data/library.ts";
import type { Backends } from "../engine/backends.ts";
import type { Engine } from "../engine/client.ts";
import type { Workspace } from "../files/workspace.ts";
import type { RunLibrary } from "../runs/library.ts";
import type { Session } from "../training/session.ts";

/** What the window works with, once it is connected. Made by `startDesk`, disposed of with the window. */
export interface Services {
  readonly host: Host;
  readonly info: HostInfo;
  readonly engine: Engine;
  readonly backends: Backends;
  readonly session: Session;
  readonly runs: RunLibrary;
  readonly data: DataLibrary;
  readonly workspace: Workspace;
}

interface ServicesState {
  readonly services: Services | undefined;
  /** Why the app could not be connected to the machine. */
  readonly fault: string | undefined;
}

export const useServices = create<ServicesState>()(() => ({ services: undefined, fault: undefined }));

/** Does something with the services, or nothing while the window is still being connected. */
export function withServices(use: (services: Services) => unknown): void {
  const { services } = useServices.getState();
  if (services !== undefined) use(services);
}
