import { describe, expect, it } from "vitest";
import { memoryHelp } from "../../renderer/training/held.ts";
import { resumeHelp, resumeLabel, trainHelp } from "../../renderer/training/resume-text.ts";

describe("what the desk says", () => {
  it("tells going on with a run's own graph from training what is on the canvas now", () => {
    expect([resumeLabel(false), resumeLabel(true)]).toEqual(["Resume", "Resume as trained"]);
    expect(resumeHelp(1200, true)).toMatch(/from step 1,200 with the graph as this run trained it, not with what is on the canvas now/);
    expect(resumeHelp(undefined, false)).not.toMatch(/from step|canvas/);
    expect(trainHelp(true)).toMatch(/new run of the graph as it is on the canvas now/);
  });

  it("does not claim to know a graphics card's memory", () => {
    expect(memoryHelp({ tensors: 1234, bytes: 1, whole: true })).toMatch(/All that training holds.*1,234 tensors/);
    expect(memoryHelp({ tensors: 1234, bytes: 1, whole: false })).toMatch(/cannot be seen from here/);
  });
});
