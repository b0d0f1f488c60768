interface Props {
  readonly names: readonly string[];
  /** Those that are chosen; undefined: all, without being named. */
  readonly chosen: readonly string[] | undefined;
  readonly onChange: (chosen: string[] | undefined) => void;
}

/** Names of nodes and blocks to choose from; none chosen stands for all. */
export function NameChips({ names, chosen = [], onChange }: Props) {
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
    onChange(next.length > 0 ? next : undefined);
  };
  return (
    <div className="chips">
      {names.map((name) => (
        <button key={name} type="button" className="chip" aria-pressed={chosen.includes(name)} onClick={() => toggle(name)}>
          {name}
        </button>
      ))}
    </div>
  );
}
