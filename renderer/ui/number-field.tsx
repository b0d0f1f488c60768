import { ChevronDown, ChevronUp } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
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
  /** What stands for a number that is none, in a word: `{ 0: "all" }`. Shown until one types; typing it means the number. */
  words?: Readonly<Record<number, string>>;
  disabled?: boolean;
};

/** Milliseconds for which it is said what became of a number, over whatever lies below. */
const shownFor = 8000;

/**
 * A number one can type or step with the arrow keys. What is no number is not passed on. What is out of range is, once one leaves the
 * field, set to the nearest number that is allowed, and said.
 */
export function NumberField(props: Props) {
  const { value, onChange, onInvalid, min, max, whole, step, id, label, placeholder, describedBy, words, disabled } = props;
  const [text, setText] = useState(value === undefined ? "" : String(value));
  const typed = useRef(value);
  useEffect(() => {
    if (value === typed.current) return;
    typed.current = value;
    setText(value === undefined ? "" : String(value));
    onInvalid?.(undefined);
  }, [value, onInvalid]);

  const [fault, setFault] = useState<string>();
  const [note, setNote] = useState<string>();
  /** Whether the text is a person's since they came; until then a word stands in it, that all of it stays selected when one tabs in. */
  const [typing, setTyping] = useState(false);
  useEffect(() => {
    if (note === undefined) return;
    const timer = setTimeout(() => setNote(undefined), shownFor);
    return () => clearTimeout(timer);
  }, [note]);
  const noteId = useId();
  const take = (next: string) => {
    setText(next);
    setNote(undefined);
    const meant = Object.entries(words ?? {}).find(([, word]) => word === next.trim().toLowerCase())?.[0];
    const read = readNumber(meant ?? next, { min, max, whole });
    setFault(typeof read === "string" ? read : undefined);
    onInvalid?.(typeof read === "string" ? read : undefined);
    if (typeof read === "string") return;
    typed.current = read;
    onChange(read);
  };
  const leave = () => {
    setTyping(false);
    if (typeof value === "number" && fault === undefined && readNumber(text, {}) !== value) setText(String(value));
    if (fault === undefined) return setNote(undefined);
    const wanted = Number(text);
    const nearest = clamp(whole ? Math.round(wanted) : wanted, min, max);
    if (text.trim() === "" || Number.isNaN(nearest) || !Number.isFinite(nearest)) take(value === undefined ? "" : String(value));
    else take(String(nearest));
    setFault(undefined);
    setNote(text.trim() === "" ? fault : `${fault} ${text.trim()} was not taken.`);
  };
  const said = fault ?? note;
  const move = (direction: 1 | -1, times = 1) => {
    const now = Number(text) || 0;
    const size = (step ?? (whole ? 1 : stepFor(now))) * times;
    setTyping(true);
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
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={[describedBy, said !== undefined && noteId].filter(Boolean).join(" ") || undefined}
        placeholder={placeholder}
        disabled={disabled}
        value={(typing || value === undefined || String(value) !== text ? undefined : words?.[value]) ?? text}
        onFocus={() => setNote(undefined)}
        onChange={(event) => {
          setTyping(true);
          take(event.target.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      {!disabled && <Steps onStep={move} />}
      {said !== undefined && onInvalid === undefined && (
        <span id={noteId} className="number-said" role="status">
          {said}
        </span>
      )}
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
