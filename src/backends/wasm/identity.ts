import { defineKernel } from "./kernel.ts";

/** The same numbers as another tensor, which share them: tfjs's kernel copies, for every clone and every saved value. */
export const sharingIdentity = defineKernel<"x", object>("Identity", ({ x }, _, backend) => {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
});
