import { CircleAlert, CircleCheck, TriangleAlert, X } from "lucide-react";
import { useRef } from "react";
import type { Problem } from "../../src/graph/types.ts";
import { goTo } from "../canvas/controller.ts";
import { MendButton } from "../canvas/node-problem.tsx";
import { plural } from "../editor/format.ts";
import { useDocument } from "../stores/document.ts";
import { useInterface } from "../stores/interface.ts";
import { IconButton } from "../ui/index.ts";
import "./problems.css";

/** Everything that is wrong, in the order of the document: a click leads to the node, a remedy is one click away. */
export function ProblemsPanel() {
  const open = useInterface((state) => state.problemsOpen);
  return open ? <Panel /> : null;
}

function Panel() {
  const problems = useDocument((state) => state.checked.problems);
  const close = () => useInterface.getState().showProblems(false);
  const list = useRef<HTMLUListElement>(null);
  const step = (by: 1 | -1) => {
    const buttons: HTMLElement[] = [...(list.current?.querySelectorAll<HTMLElement>(".problem-go") ?? [])];
    const at = document.activeElement instanceof HTMLElement ? buttons.indexOf(document.activeElement) : -1;
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
  };
  return (
    <section className="problems" aria-label="Problems">
      <header className="problems-head">
        <h2>Problems</h2>
        <span>{problems.length > 0 && plural(problems.length, "entry", "entries")}</span>
        <span className="spacer" />
        <IconButton label="Close problems" keys="Mod+Shift+M" side="top" onClick={close}>
          <X size={15} />
        </IconButton>
      </header>
      {problems.length === 0 ? (
        <p className="problems-none">
          <CircleCheck size={15} aria-hidden="true" /> Every port is connected, every shape fits.
        </p>
      ) : (
        <ul
          ref={list}
          className="problems-list"
          onKeyDown={(event) => {
            if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
            event.preventDefault();
            step(event.key === "ArrowDown" ? 1 : -1);
          }}
        >
          {problems.map((problem) => (
            <Row key={`${problem.code} ${problem.place.graph} ${problem.place.node} ${problem.place.port} ${problem.message}`} problem={problem} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ problem }: { problem: Problem }) {
  const { graph, node, port } = problem.place;
  const Sign = problem.severity === "error" ? CircleAlert : TriangleAlert;
  const where = [graph, node ?? (graph === "" ? "Document" : undefined)].filter(Boolean).join(" › ");
  const detail = [problem.expected && `expected ${problem.expected}`, problem.received && `received ${problem.received}`].filter(Boolean).join(", ");
  return (
    <li className="problem" data-severity={problem.severity}>
      <button type="button" className="problem-go" onClick={() => goTo(graph, node)}>
        <Sign size={14} aria-label={problem.severity === "error" ? "Error" : "Warning"} />
        <span className="problem-where">
          {where}
          {port && <span>.{port}</span>}
        </span>
        <span className="problem-text" data-selectable>
          {problem.message}
          {detail && <span className="problem-detail"> ({detail})</span>}
        </span>
      </button>
      <MendButton problem={problem} tabIndex={0} />
    </li>
  );
}
