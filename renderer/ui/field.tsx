import { type ComponentProps, type ReactNode, useId } from "react";
import "./field.css";

type Wiring = { id: string; describedBy: string | undefined; invalid: boolean };

type Props = {
  label: string;
  /** One line on what it does: the tooltip of the label, read out with the control. */
  help?: string;
  /** What is wrong with what was typed: shown under the control. */
  error?: string;
  /** A quiet line under the control. */
  hint?: string;
  /** `row`: label left, control right; `column`: label above. */
  layout?: "row" | "column";
  children: (wiring: Wiring) => ReactNode;
};

/** A label, a control and what is to be said about it, wired together for screen readers. */
export function Field({ label, help, error, hint, layout = "row", children }: Props) {
  const id = useId();
  const describedBy = [help && `${id}-help`, error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
  return (
    <div className="field" data-layout={layout}>
      <label className="field-label" htmlFor={id} title={help}>
        {label}
      </label>
      <div className="field-control">{children({ id, describedBy, invalid: error !== undefined })}</div>
      {help && (
        <span id={`${id}-help`} className="sr-only">
          {help}
        </span>
      )}
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

type TextInputProps = Omit<ComponentProps<"input">, "onChange"> & { onChange: (value: string) => void; invalid?: boolean; describedBy?: string };

/** A line of text. */
export function TextInput({ onChange, invalid, describedBy, className, ...rest }: TextInputProps) {
  return (
    <input
      type="text"
      spellCheck={false}
      autoComplete="off"
      {...rest}
      className={className ? `input ${className}` : "input"}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

type TextAreaProps = Omit<ComponentProps<"textarea">, "onChange"> & { onChange: (value: string) => void };

export function TextArea({ onChange, ...rest }: TextAreaProps) {
  return <textarea rows={3} {...rest} className="input textarea" onChange={(event) => onChange(event.target.value)} />;
}
