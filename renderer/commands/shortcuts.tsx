import { openDialog } from "../stores/interface.ts";
import { Dialog, Keys } from "../ui/index.ts";
import "./palette.css";
import { type Command, commandTitle, useCommands } from "./registry.ts";

/** What the pointer does needs words, for no command says it. */
const pointer = [
  ["Add to the selection", "Shift+Click"],
  ["Select by a frame", "Shift+Drag"],
  ["Search a layer where you point", "Double-click"],
] as const;

/** All keys, read off the commands themselves. */
export function Shortcuts() {
  const commands = useCommands((state) => state.commands);
  const groups = new Map<string, Command[]>();
  for (const entry of commands.values()) {
    if (!entry.keys) continue;
    const list = groups.get(entry.group);
    if (list) list.push(entry);
    else groups.set(entry.group, [entry]);
  }
  return (
    <Dialog title="Keyboard shortcuts" size="large" onClose={() => openDialog(null)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached to be scrolled */}
      <section className="shortcuts" aria-label="Keys" tabIndex={0} data-autofocus>
        {[...groups].map(([group, list]) => (
          <section key={group} className="shortcut-group">
            <h3>{group}</h3>
            <ul>
              {list.map((entry) => (
                <li key={entry.id}>
                  <span>{commandTitle(entry)}</span>
                  <Keys keys={entry.keys ?? ""} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        <section className="shortcut-group">
          <h3>With the pointer</h3>
          <ul>
            {pointer.map(([title, keys]) => (
              <li key={title}>
                <span>{title}</span>
                <Keys keys={keys} />
              </li>
            ))}
          </ul>
        </section>
      </section>
    </Dialog>
  );
}
