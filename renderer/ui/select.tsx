import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { useState } from "react";
import "./field.css";
import "./menu.css";

export interface Option<T extends string = string> {
  readonly value: T;
  readonly label: string;
}

type Props<T extends string> = {
  value: T | undefined;
  onChange: (value: T) => void;
  options: readonly Option<T>[];
  placeholder?: string;
  id?: string;
  label?: string;
  invalid?: boolean;
  describedBy?: string;
  disabled?: boolean;
};

/** One of a list. Name it by a `<label htmlFor>` or by `label`. */
export function Select<T extends string>(props: Props<T>) {
  const { value, onChange, options, placeholder, id, label, invalid, describedBy, disabled } = props;
  const choose = (next: string) => {
    const option = options.find((one) => one.value === next);
    if (option) onChange(option.value);
  };
  // A list costs as much to build as a dozen fields: it waits until one comes here.
  const [near, setNear] = useState(false);
  const come = () => setNear(true);
  return (
    <Radix.Root value={value ?? ""} onValueChange={choose} onOpenChange={come} disabled={disabled}>
      <Radix.Trigger
        id={id}
        className="input select"
        aria-label={label}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        onFocus={come}
        onPointerEnter={come}
      >
        <Radix.Value placeholder={placeholder}>{options.find((option) => option.value === value)?.label ?? value}</Radix.Value>
        <Radix.Icon>
          <ChevronDown size={14} />
        </Radix.Icon>
      </Radix.Trigger>
      {near && <List options={options} />}
    </Radix.Root>
  );
}

function List({ options }: { options: readonly Option[] }) {
  return (
    <Radix.Portal>
      <Radix.Content className="menu" position="popper" sideOffset={4} collisionPadding={8}>
        <Radix.Viewport>
          {options.map((option) => (
            <Radix.Item key={option.value} value={option.value} className="menu-item">
              <span className="menu-icon">
                <Radix.ItemIndicator>
                  <Check size={14} />
                </Radix.ItemIndicator>
              </span>
              <Radix.ItemText>{option.label}</Radix.ItemText>
            </Radix.Item>
          ))}
        </Radix.Viewport>
      </Radix.Content>
    </Radix.Portal>
  );
}
