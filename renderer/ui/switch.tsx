import { Switch as Radix } from "radix-ui";
import "./field.css";

type Props = { checked: boolean; onChange: (checked: boolean) => void; id?: string; label?: string; describedBy?: string; disabled?: boolean };

/** On or off. Name it by a `<label htmlFor>` or by `label`. */
export function Switch({ checked, onChange, id, label, describedBy, disabled }: Props) {
  return (
    <Radix.Root
      id={id}
      className="switch"
      checked={checked}
      onCheckedChange={onChange}
      aria-label={label}
      aria-describedby={describedBy}
      disabled={disabled}
    >
      <Radix.Thumb className="switch-thumb" />
    </Radix.Root>
  );
}
