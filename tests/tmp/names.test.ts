import { it, vi } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { builtKernels } from "../support/kernels.ts";
import { openTemplate, templateIds, trainTemplate } from "../support/templates.ts";
import { fusible } from "../../src/backends/kernels/fuse.ts";
import { lowerings } from "../../src/backends/kernels/lowerings.ts";
const counts = new Map<string, string>();
vi.mock("../../src/compiler/executable.ts", async () => {
  const { createReplay } = await import("../../src/compiler/replay.ts");
  return { createExecutable: (r: any, o: any, f: any) => {
    for (const c of r.calls) {
      const ins = Object.fromEntries(c.inputs.map(([k, u]: any) => [k, u && { shape: u.shape, dtype: u.dtype, buffer: { bytes: 4 } }]));
      const e = fusible(c.name, ins, c.attrs ?? {}) ? "fuse" : lowerings[c.name] ? "low" : "SCRIPT";
      const k = c.name + " " + e + (e !== "SCRIPT" ? "" : " " + JSON.stringify(c.inputs.map(([k, u]: any) => u && [k, u.dtype, u.shape.join("x")])) + JSON.stringify(c.attrs));
      counts.set(c.name + " " + e, (counts.get(c.name + " " + e)?.split("|")[0] ?? 0) + "" );
      all.set(k, (all.get(k) ?? 0) + 1);
    }
    return createReplay(r, o, f);
  } };
});
const all = new Map<string, number>();
it("x", async () => {
  await prepareBackend("wasm", { kernels: builtKernels, threads: 1 });
  for (const id of templateIds.filter((i) => !/digits|gpt/.test(i) || process.env.FULL)) {
    all.clear();
    const trainer = await trainTemplate(openTemplate(id));
    for (let i = 0; i < 3; i++) trainer.trainStep();
    const by = new Map<string, number>();
    for (const [k, n] of all) { const name = k.split(" ").slice(0, 2).join(" "); by.set(name, (by.get(name) ?? 0) + n); }
    console.log(id, [...by].sort((a, b) => b[1] - a[1]).map(([k, n]) => `${k}×${n}`).join(", "));
    trainer.dispose();
  }
}, 200000);
