import { ChevronDown, ChevronUp } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import "./field.css";

type Props = {
  value: number | undefined;
  /** Called for every complete number as it is typed. */
  onChange: (value: number) => void;
  /** Called with what is wrong while the text is no number in range; with undefined once it is. */
  onInvalid?: (message: string | undefined) => void;
  min?: number;
  max?: number;
  /** Whole numbers only. */
  whole?: boolean;
  /** What the arrows add; by default 1, or a tenth of the value for real numbers. */
  step?: number;
  id?: string;
  label?: string;
  placeholder?: string;
  describedBy?: string;
  disabled?: boolean;
};

/** A number one can type or step with the arrow keys. What is no number is not passed on. */
export function NumberField(props: Props) {
  const { value, onChange, onInvalid, min, max, whole, step, id, label, placeholder, describedBy, disabled } = props;
  const [text, setText] = useState(value === undefined ? "" : String(value));
  const typed = useRef(value);
  useEffect(() => {
    if (value === typed.current) return;
    typed.current = value;
    setText(value === undefined ? "" : String(value));
    onInvalid?.(undefined);
  }, [value, onInvalid]);

  const [invalid, setInvalid] = useState(false);
  const take = (next: string) => {
    setText(next);
    const read = readNumber(next, { min, max, whole });
    setInvalid(typeof read === "string");
    onInvalid?.(typeof read === "string" ? read : undefined);
    if (typeof read === "string") return;
    typed.current = read;
    onChange(read);
  };
  const move = (direction: 1 | -1, times = 1) => {
    const now = Number(text) || 0;
    const size = (step ?? (whole ? 1 : stepFor(now))) * times;
    take(String(clamp(Number((now + direction * size).toPrecision(12)), min, max)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? 1 : -1, event.shiftKey ? 10 : 1);
  };
  return (
    <span className="number">
      <input
        id={id}
        className="input"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        placeholder={placeholder}
        disabled={disabled}
        value={text}
        onChange={(event) => take(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {!disabled && <Steps onStep={move} />}
    </span>
  );
}

/** The two little arrows; the keyboard has its own, so they are no stops of Tab. */
export function Steps({ onStep }: { onStep: (direction: 1 | -1) => void }) {
  return (
    <span className="number-steps" aria-hidden="true">
      <button type="button" tabIndex={-1} onClick={() => onStep(1)}>
        <ChevronUp size={11} />
      </button>
      <button type="button" tabIndex={-1} onClick={() => onStep(-1)}>
        <ChevronDown size={11} />
      </button>
    </span>
  );
}

/** The number that a text means, or what is wrong with it. */
export function readNumber(text: string, range: { min?: number; max?: number; whole?: boolean }): number | string {
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (trimmed === "" || !Number.isFinite(value)) return "Enter a number.";
  if (range.whole && !Number.isInteger(value)) return "Enter a whole number.";
  if (range.min !== undefined && value < range.min) return `At least ${range.min}.`;
  if (range.max !== undefined && value > range.max) return `At most ${range.max}.`;
  return value;
}

/** A tenth of the number's size: 0.001 steps by 0.0001, 3 by 0.1. */
const stepFor = (value: number): number => (value === 0 ? 0.1 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1));

const clamp = (value: number, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): number => Math.min(max, Math.max(min, value));
