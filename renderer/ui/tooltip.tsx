import { Tooltip as Radix } from "radix-ui";
import type { ReactElement } from "react";
import { Keys } from "./keys.tsx";
import "./tooltip.css";

type Props = { text: string; keys?: string; side?: "top" | "right" | "bottom" | "left"; children: ReactElement };

/** A word on hover or focus. The page's root holds one `TooltipProvider`. */
export function Tooltip({ text, keys, side = "bottom", children }: Props) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="tooltip" side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {keys && <Keys keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const TooltipProvider = ({ children }: { children: ReactElement }) => (
  <Radix.Provider delayDuration={450} skipDelayDuration={200}>
    {children}
  </Radix.Provider>
);
