import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Value } from "../../src/document/expression.ts";
import type { Block, NetloomDocument } from "../../src/document/schema.ts";
import { addPort, freshName, isName, removePort, renamePort, type Side, setPort } from "../editor/block-ports.ts";
import { useDocument } from "../stores/document.ts";
import { Field, IconButton, Switch, TextArea, TextInput } from "../ui/index.ts";

/** The open block's definition: title, note, parameters, ports. Every instance follows. */
export function BlockSettings({ name }: { name: string }) {
  const block = useDocument((state) => state.document.blocks?.[name]);
  if (!block) return null;
  const set = (what: string, change: Partial<Block>) =>
    changeBlock(`Change ${what} of block ${name}`, name, (old) => ({ ...old, ...change }), `${what} ${name}`);
  return (
    <>
      <header className="inspector-head">
        <h2>
          <span>{block.title ?? "Block"}</span>
          <span className="inspector-id">{name}</span>
        </h2>
        <p className="inspector-sub" data-selectable>
          Its instances take their values for these parameters, and their wires come in by these ports.
        </p>
      </header>
      <Field label="Title">
        {({ id }) => (
          <TextInput id={id} value={block.title ?? ""} placeholder={name} onChange={(title) => set("title", { title: title || undefined })} />
        )}
      </Field>
      <Field label="Note" layout="column">
        {({ id }) => <TextArea id={id} value={block.note ?? ""} onChange={(note) => set("note", { note: note || undefined })} />}
      </Field>
      <BlockParams name={name} block={block} />
      <Ports name={name} block={block} side="in" title="Inputs" />
      <Ports name={name} block={block} side="out" title="Outputs" />
    </>
  );
}

function changeBlock(label: string, name: string, change: (block: Block) => Block, merge?: string): void {
  useDocument.getState().edit(
    label,
    (document) => {
      const block = document.blocks?.[name];
      return block ? { ...document, blocks: { ...document.blocks, [name]: change(block) } } : document;
    },
    merge === undefined ? undefined : { merge },
  );
}

function BlockParams({ name, block }: { name: string; block: Block }) {
  const params = Object.entries(block.params ?? {});
  const write = (label: string, next: readonly (readonly [string, Value])[]) =>
    changeBlock(label, name, (old) => ({ ...old, params: Object.fromEntries(next) }));
  const add = () =>
    write("Add a parameter", [
      ...params,
      [
        freshName(
          "size",
          params.map(([param]) => param),
        ),
        1,
      ],
    ]);
  return (
    <section className="inspector-section" aria-label="Parameters">
      <Heading title="Parameters" label="Add a parameter" onAdd={add} />
      {params.length === 0 && <p className="inspector-quiet">Fields inside can use them by name: 4 * channels.</p>}
      {params.map(([param, value]) => (
        <div key={param} className="inspector-pair">
          <NameInput
            label={`Name of parameter ${param}`}
            name={param}
            taken={params.map(([other]) => other)}
            onName={(next) =>
              write(
                `Rename parameter ${param}`,
                params.map(([other, old]) => [other === param ? next : other, old] as const),
              )
            }
          />
          <TextInput
            aria-label={`Default of ${param}`}
            value={String(value)}
            onChange={(text) =>
              write(
                `Set ${param}`,
                params.map(([other, old]) => [other, other === param ? readValue(text) : old] as const),
              )
            }
          />
          <IconButton
            label={`Remove ${param}`}
            side="left"
            onClick={() =>
              write(
                `Remove parameter ${param}`,
                params.filter(([other]) => other !== param),
              )
            }
          >
            <Trash2 size={14} />
          </IconButton>
        </div>
      ))}
    </section>
  );
}

/** A number, yes or no, or a word: what a text says. */
const readValue = (text: string): Value => {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  return trimmed !== "" && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
};

function Ports({ name, block, side, title }: { name: string; block: Block; side: Side; title: string }) {
  const ports = side === "in" ? block.inputs : block.outputs;
  const edit = (label: string, change: (document: NetloomDocument) => NetloomDocument) => useDocument.getState().edit(label, change);
  return (
    <section className="inspector-section" aria-label={title}>
      <Heading
        title={title}
        label={`Add an ${side}put`}
        onAdd={() => edit(`Add an ${side}put`, (document) => addPort(document, name, side, side === "in" ? "x" : "y"))}
      />
      {ports.map((port) => (
        <div key={port.name} className="inspector-pair">
          <NameInput
            label={`Name of ${side}put ${port.name}`}
            name={port.name}
            taken={ports.map((other) => other.name)}
            onName={(next) => edit(`Rename ${side}put ${port.name}`, (document) => renamePort(document, name, side, port.name, next))}
          />
          {side === "in" ? (
            <span className="inspector-optional">
              <Switch
                label={`${port.name} is optional`}
                checked={port.optional === true}
                onChange={(optional) =>
                  edit(`Change ${port.name}`, (document) => setPort(document, name, side, port.name, { optional: optional || undefined }))
                }
              />
              optional
            </span>
          ) : (
            <span />
          )}
          <IconButton
            label={`Remove ${port.name}`}
            side="left"
            onClick={() => edit(`Remove ${side}put ${port.name}`, (document) => removePort(document, name, side, port.name))}
          >
            <Trash2 size={14} />
          </IconButton>
        </div>
      ))}
    </section>
  );
}

function Heading({ title, label, onAdd }: { title: string; label: string; onAdd: () => void }) {
  return (
    <div className="inspector-heading">
      <h3>{title}</h3>
      <IconButton label={label} side="left" onClick={onAdd}>
        <Plus size={15} />
      </IconButton>
    </div>
  );
}

/** A name that is taken over on Enter or when one leaves the field, if it is one. */
function NameInput({ label, name, taken, onName }: { label: string; name: string; taken: readonly string[]; onName: (name: string) => void }) {
  const [text, setText] = useState(name);
  const good = text === name || (isName(text) && !taken.includes(text));
  const end = () => {
    if (!good) setText(name);
    else if (text !== name) onName(text);
  };
  return (
    <TextInput
      aria-label={label}
      invalid={!good}
      value={text}
      onChange={setText}
      onBlur={end}
      onKeyDown={(event) => event.key === "Enter" && end()}
    />
  );
}
