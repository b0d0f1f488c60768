/** The memory of this machine as far as the browser tells: it never says more than 8 GiB, which may stand for any more. */
export function machineMemory(): { readonly machine?: number } {
  const told: unknown = "deviceMemory" in navigator ? navigator.deviceMemory : undefined;
  return typeof told === "number" && told < 8 ? { machine: told * 2 ** 30 } : {};
}
