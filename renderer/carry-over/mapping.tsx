import { type CarriedGroup, type CarriedVariable, type CarryOver, groupCarryOver } from "../../src/training/carry-over.ts";

/** Where each weight comes from, a line for each node or block; a click opens its weights. */
export function Mapping({ plan }: { plan: CarryOver }) {
  return (
    <ul className="carry-over-groups" aria-label="Where weights come from">
      {groupCarryOver(plan).map((group) => (
        <li key={group.name}>
          <Group group={group} />
        </li>
      ))}
    </ul>
  );
}

function Group({ group: { name, from, variables, carried } }: { group: CarriedGroup }) {
  const state = carried === variables.length ? "all" : carried > 0 ? "some" : "none";
  const misfits = variables.filter(({ origin }) => origin.kind === "misfit").length;
  const told = state === "none" ? (misfits > 0 ? "drawn afresh: other shapes" : "drawn afresh") : `from ${from.join(", ")}`;
  return (
    <details>
      <summary data-state={state}>
        <b>{name}</b>
        <span className="carry-over-from">{told}</span>
        <span className="carry-over-count">
          {carried} of {variables.length}
        </span>
      </summary>
      <table>
        <tbody>
          {variables.map((one) => (
            <tr key={one.variable.name} data-origin={one.origin.kind}>
              <td>{one.variable.name}</td>
              <td>{shapeOf(one.variable.spec.shape)}</td>
              <td>{originOf(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const shapeOf = (shape: readonly number[]): string => (shape.length === 0 ? "one number" : shape.join(" × "));

function originOf({ origin }: CarriedVariable): string {
  switch (origin.kind) {
    case "carried":
      return origin.from;
    case "misfit":
      return `drawn afresh: ${shapeOf(origin.shape)} there`;
    case "fresh":
      return "drawn afresh";
  }
  return origin satisfies never;
}
