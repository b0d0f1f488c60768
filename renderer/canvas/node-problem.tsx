import { CircleAlert, TriangleAlert, Wrench } from "lucide-react";
import type { Problem } from "../../src/graph/types.ts";
import { applyMend } from "../editor/mend.ts";
import { useDocument } from "../stores/document.ts";
import { announce } from "../ui/index.ts";
import { sizes } from "./controller.ts";

/** What is wrong, on the node itself, with the one remedy there is. */
export function NodeProblem({ problem, more }: { problem: Problem; more: number }) {
  const Sign = problem.severity === "error" ? CircleAlert : TriangleAlert;
  return (
    <div className="node-problem nodrag" data-severity={problem.severity}>
      <p>
        <Sign size={13} aria-hidden="true" />
        <span>
          {problem.message}
          {more > 0 && <span className="node-more"> +{more} more</span>}
        </span>
      </p>
      <MendButton problem={problem} />
    </div>
  );
}

/** Applies a problem's remedy; one step of undo. */
export function MendButton({ problem, tabIndex = -1 }: { problem: Problem; tabIndex?: number }) {
  const { mend } = problem;
  if (!mend) return null;
  const apply = () => {
    useDocument.getState().edit(mend.label, (document) => applyMend(document, mend, sizes()));
    announce(`Done: ${mend.label}.`);
  };
  return (
    <button type="button" className="mend" tabIndex={tabIndex} onClick={apply}>
      <Wrench size={12} aria-hidden="true" />
      {mend.label}
    </button>
  );
}
