import type { ComponentProps, ReactNode } from "react";
import { Tooltip } from "./tooltip.tsx";
import "./button.css";

type ButtonProps = ComponentProps<"button"> & {
  /** `primary`: the one thing to do here; `quiet`: no frame until hovered; `danger`: something is lost. */
  tone?: "plain" | "primary" | "quiet" | "danger";
  icon?: ReactNode;
};

export function Button({ tone = "plain", icon, children, className, type = "button", ...rest }: ButtonProps) {
  return (
    <button type={type} className={className ? `button ${className}` : "button"} data-tone={tone} {...rest}>
      {icon}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "title"> & {
  /** What it does: the tooltip and the name for screen readers. */
  label: string;
  /** `"Mod+B"`, shown in the tooltip. */
  keys?: string;
  pressed?: boolean;
  side?: "top" | "right" | "bottom" | "left";
};

/** A square button with a sign; its words are in the tooltip. */
export function IconButton({ label, keys, pressed, side = "bottom", children, className, type = "button", ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys} side={side}>
      <button type={type} className={className ? `icon-button ${className}` : "icon-button"} aria-label={label} aria-pressed={pressed} {...rest}>
        {children}
      </button>
    </Tooltip>
  );
}
