import { memo, useState } from "react";
import { renameNode } from "../../src/document/blocks.ts";
import { applyEdit, changeGraph, changeNode } from "../../src/document/edits.ts";
import type { GraphNode } from "../../src/document/schema.ts";
import { relabel } from "../canvas/node-rename.tsx";
import { isName } from "../editor/block-ports.ts";
import { indexOf, shownGraph } from "../editor/graph.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { Field, Switch, TextArea, TextInput } from "../ui/index.ts";

type Props = { node: GraphNode; title: string; weighted: boolean; turns: boolean };

/** What a person says of a node: its name, its id, a note, whose weights it shares, which way it runs. A parameter that changes draws none of it again. */
export const NodeSettings = memo(
  (props: Props) => <Settings {...props} />,
  (a, b) =>
    a.node.id === b.node.id &&
    a.node.label === b.node.label &&
    a.node.note === b.node.note &&
    a.node.shared === b.node.shared &&
    a.title === b.title &&
    a.node.direction === b.node.direction &&
    a.weighted === b.weighted &&
    a.turns === b.turns,
);

function Settings({ node, title, weighted, turns }: Props) {
  const set = (what: string, change: Partial<GraphNode>) => {
    const state = useDocument.getState();
    state.edit(
      `Change ${what} of ${node.id}`,
      (document) => changeGraph(document, openGraph(state), (graph) => changeNode(graph, node.id, (old) => cleaned({ ...old, ...change }))),
      { merge: `${what} ${node.id}` },
    );
  };
  return (
    <section className="inspector-section" aria-label="Name and note">
      <h3>Name and note</h3>
      <Field label="Name" help="What the node is called on the canvas, if not by its layer's title.">
        {({ id, describedBy }) => (
          <TextInput
            id={id}
            {...(describedBy && { describedBy })}
            value={node.label ?? ""}
            placeholder={title}
            maxLength={200}
            onChange={(label) => relabel(node.id, label, `label ${node.id}`)}
          />
        )}
      </Field>
      <IdField key={node.id} node={node} />
      {weighted && (
        <Field label="Shared weights" help="All nodes with the same word here use one set of weights.">
          {({ id, describedBy }) => (
            <TextInput
              id={id}
              {...(describedBy && { describedBy })}
              value={node.shared ?? ""}
              placeholder="its own"
              onChange={(shared) => (shared === "" || isName(shared)) && set("shared weights", { shared })}
            />
          )}
        </Field>
      )}
      {(turns || node.direction === "inverse") && (
        <Field
          label="Run backwards"
          help="From what leaves it to what enters it: a flow then makes data from noise. What is inside must be able to be undone."
        >
          {({ id, describedBy }) => (
            <Switch
              id={id}
              {...(describedBy && { describedBy })}
              checked={node.direction === "inverse"}
              onChange={(inverse) => {
                const state = useDocument.getState();
                const edit = { kind: "set-direction", graph: openGraph(state), node: node.id, direction: inverse ? "inverse" : "forward" } as const;
                state.edit(`Run ${node.id} ${inverse ? "backwards" : "forwards"}`, (document) => applyEdit(document, edit));
              }}
            />
          )}
        </Field>
      )}
      <Field label="Note" layout="column">
        {({ id }) => <TextArea id={id} value={node.note ?? ""} maxLength={20_000} onChange={(note) => set("note", { note })} />}
      </Field>
    </section>
  );
}

/** Without fields that are empty. */
function cleaned(node: GraphNode): GraphNode {
  const { note, shared, ...rest } = node;
  return { ...rest, ...(note && { note }), ...(shared && { shared }) };
}

/** The id goes into wires, phases and exports: it is taken over on Enter or when one leaves the field. */
function IdField({ node }: { node: GraphNode }) {
  const [text, setText] = useState(node.id);
  const taken = useDocument((state) => text !== node.id && indexOf(shownGraph(state.document, openGraph(state))).nodes.has(text));
  const error = taken
    ? "Another node has this id."
    : text === "in" || text === "out"
      ? "in and out are the block's own ports."
      : isName(text)
        ? undefined
        : "A letter first, then letters, digits, _ or -.";
  const end = () => {
    const state = useDocument.getState();
    if (error !== undefined) setText(node.id);
    else if (text !== node.id) {
      state.edit(`Rename ${node.id} to ${text}`, (document) => renameNode(document, openGraph(state), node.id, text));
      useDocument.getState().select([text]);
    }
  };
  return (
    <Field label="Id" help="Its name in the document, in messages and in exported code." {...(error !== undefined && { error })}>
      {({ id, describedBy, invalid }) => (
        <TextInput
          id={id}
          {...(describedBy && { describedBy })}
          invalid={invalid}
          value={text}
          onChange={setText}
          onBlur={end}
          onKeyDown={(event) => event.key === "Enter" && end()}
        />
      )}
    </Field>
  );
}
