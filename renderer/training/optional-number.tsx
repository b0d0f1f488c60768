import { X } from "lucide-react";
import { IconButton, NumberField } from "../ui/index.ts";

interface Props {
  readonly id: string;
  readonly value: number | undefined;
  /** What it is set to first. */
  readonly fallback: number;
  /** What holds while it is not set: `"No limit"`. */
  readonly off: string;
  readonly whole?: boolean;
  readonly onChange: (value: number | undefined) => void;
}

/** A number that may be left to itself. */
export function OptionalNumber({ id, value, fallback, off, whole, onChange }: Props) {
  if (value === undefined)
    return (
      <button id={id} type="button" className="optional-off" onClick={() => onChange(fallback)}>
        {off}
      </button>
    );
  return (
    <>
      <NumberField id={id} value={value} min={whole ? 1 : 1e-9} max={1e9} {...(whole && { whole })} onChange={onChange} />
      <IconButton label={`Back to: ${off.toLowerCase()}`} onClick={() => onChange(undefined)}>
        <X size={14} />
      </IconButton>
    </>
  );
}
