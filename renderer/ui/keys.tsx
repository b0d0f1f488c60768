import { keyCaps } from "../commands/keys.ts";

/** A shortcut as its keys: Ctrl, K. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys">
      {keyCaps(keys).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
