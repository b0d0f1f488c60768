import { type KeyboardEvent, memo, useEffect, useId, useRef, useState } from "react";
import type { Values } from "../../src/document/expression.ts";
import type { ParamValue } from "../../src/document/schema.ts";
import type { ParamField as Described } from "../../src/layers/describe.ts";
import { expressionValue, paramText, readParam } from "../editor/params.ts";
import { Field, Select, Steps, Switch, TextInput } from "../ui/index.ts";

type Props = {
  field: Described;
  /** What the document says; undefined: the default holds. */
  value: ParamValue | undefined;
  /** The selected nodes differ here. */
  mixed?: boolean;
  scope: Values;
  /** What the checker has against the value in the document. */
  fault?: string;
  /** Words to choose from in place of free text. */
  suggestions?: readonly { readonly value: string; readonly label: string }[];
  /** Called with every value that can be; `merge` holds while one stays in the field. */
  onChange: (value: ParamValue | undefined, merge: string) => void;
};

/** One parameter of a layer or block, by its kind. Drawn again only if something of it changes; `onChange` is taken to do the same for as long as the field lives. */
export const ParamField = memo(
  (props: Props) => <Control {...props} />,
  (a, b) =>
    a.field === b.field &&
    a.mixed === b.mixed &&
    a.scope === b.scope &&
    a.fault === b.fault &&
    a.suggestions === b.suggestions &&
    (a.value === b.value || JSON.stringify(a.value) === JSON.stringify(b.value)),
);

function Control(props: Props) {
  const { field, value, mixed, suggestions, fault, scope, onChange } = props;
  const merge = useId();
  if (field.kind === "flag" && typeof value !== "string")
    return (
      <Field label={field.title} help={field.help} {...(fault !== undefined && { error: fault })}>
        {({ id, describedBy }) => (
          <Switch
            id={id}
            {...(describedBy && { describedBy })}
            checked={mixed ? false : (value ?? field.default) === true}
            onChange={(next) => onChange(next, merge)}
          />
        )}
      </Field>
    );
  const options = field.kind === "choice" ? choiceOptions(field.options, scope) : suggestions;
  if (options && options.length > 0)
    return (
      <Field label={field.title} help={field.help} {...(fault !== undefined && { error: fault })}>
        {({ id, describedBy, invalid }) => (
          <Select
            id={id}
            {...(describedBy && { describedBy })}
            invalid={invalid}
            value={mixed ? undefined : String(value ?? field.default)}
            placeholder="mixed"
            options={options}
            onChange={(next) => onChange(next, merge)}
          />
        )}
      </Field>
    );
  return <TypedField {...props} />;
}

/** The words of a choice; inside a block also its parameters that are words. */
function choiceOptions(options: readonly string[], scope: Values) {
  const named = Object.entries(scope).filter(([, value]) => typeof value === "string" && options.includes(value));
  return [...options.map((word) => ({ value: word, label: word })), ...named.map(([name, value]) => ({ value: name, label: `${name} (${value})` }))];
}

/** A field one types into: what cannot be is explained beside it, and the document keeps what it had. */
function TypedField({ field, value, mixed, scope, fault, onChange }: Props) {
  const session = useRef(0);
  const name = useId();
  const shown = mixed ? "" : paramText(value);
  const [text, setText] = useState(shown);
  const [error, setError] = useState<string | undefined>(undefined);
  const own = useRef(shown);
  useEffect(() => {
    if (shown === own.current) return;
    own.current = shown;
    setText(shown);
    setError(undefined);
  }, [shown]);
  const take = (next: string) => {
    setText(next);
    const read = readParam(field, next, scope);
    setError(read.ok ? undefined : read.message);
    if (!read.ok) return;
    own.current = paramText(read.value);
    onChange(read.value, `${name}${session.current}`);
  };
  const numeric = field.kind === "int" || field.kind === "real";
  const step = (direction: 1 | -1, times = 1) => {
    if (!numeric) return;
    const now = text === "" ? Number(field.default) : Number(text);
    if (!Number.isFinite(now)) return;
    const size = field.kind === "int" ? 1 : stepOf(now || Number(field.default));
    const next = Number((now + direction * size * times).toPrecision(12));
    take(String(Math.min(field.max ?? next, Math.max(field.min ?? next, next))));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!numeric || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    step(event.key === "ArrowUp" ? 1 : -1, event.shiftKey ? 10 : 1);
  };
  const hint = error === undefined && !mixed ? expressionValue(value, scope) : undefined;
  const complaint = error ?? fault;
  return (
    <Field label={field.title} help={field.help} {...(complaint !== undefined && { error: complaint })} {...(hint !== undefined && { hint })}>
      {({ id, describedBy, invalid }) => (
        <span className="number">
          <TextInput
            id={id}
            {...(describedBy && { describedBy })}
            invalid={invalid}
            value={text}
            placeholder={mixed ? "mixed" : paramText(field.default as ParamValue)}
            onChange={take}
            onKeyDown={onKeyDown}
            onFocus={() => {
              session.current += 1;
              setError(undefined);
            }}
            onBlur={() => {
              if (error === undefined) return;
              // What was there stands again, and it is said why, until one comes back to the field.
              setText(shown);
              setError(`${error} “${text}” was not taken.`);
            }}
          />
          {numeric && <Steps onStep={step} />}
        </span>
      )}
    </Field>
  );
}

/** A tenth of the number's size. */
const stepOf = (value: number): number => (value === 0 ? 0.1 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1));
