import { DropdownMenu as Radix } from "radix-ui";
import { Fragment, type ReactElement, type ReactNode, useRef } from "react";
import { Keys } from "./keys.tsx";
import "./menu.css";

/** An entry of a menu; `"-"` is a line between groups. */
export type MenuItem =
  | "-"
  | {
      readonly label: string;
      readonly icon?: ReactNode;
      readonly keys?: string;
      readonly disabled?: boolean;
      readonly danger?: boolean;
      /** Given: the entry is a tick box. */
      readonly checked?: boolean;
      run(): void;
    };

/** Holds what was chosen in a menu until the menu has given the focus back: a field that it opens would lose it at once. */
export function useChosen(): { choose(run: () => void): () => void; runChosen(): void } {
  const chosen = useRef<() => void>(undefined);
  return {
    choose: (run) => () => {
      chosen.current = run;
    },
    runChosen() {
      const run = chosen.current;
      chosen.current = undefined;
      if (run) setTimeout(run, 0);
    },
  };
}

/** A menu that hangs on a button. */
export function Menu(props: { trigger: ReactElement; items: readonly MenuItem[]; align?: "start" | "end"; side?: "top" | "bottom" }) {
  const { trigger, items, align = "start", side = "bottom" } = props;
  const { choose, runChosen } = useChosen();
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align={align} side={side} sideOffset={4} collisionPadding={8} onCloseAutoFocus={runChosen}>
          {items.map((item, index) =>
            item === "-" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else to be told apart by
              <Radix.Separator key={index} className="menu-line" />
            ) : item.checked === undefined ? (
              <Radix.Item key={item.label} className="menu-item" data-danger={item.danger} disabled={item.disabled} onSelect={choose(item.run)}>
                <MenuRow item={item} />
              </Radix.Item>
            ) : (
              <Radix.CheckboxItem key={item.label} className="menu-item" checked={item.checked} disabled={item.disabled} onSelect={choose(item.run)}>
                <MenuRow item={item} />
              </Radix.CheckboxItem>
            ),
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What an entry shows: sign, words, keys. */
export function MenuRow({ item }: { item: Exclude<MenuItem, "-"> }) {
  return (
    <Fragment>
      <span className="menu-icon">{item.checked ? "✓" : item.icon}</span>
      <span className="menu-label">{item.label}</span>
      {item.keys && <Keys keys={item.keys} />}
    </Fragment>
  );
}
