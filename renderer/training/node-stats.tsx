import { formatMeasure } from "./chart.tsx";
import { curveKey } from "./curves.ts";
import { measureOf } from "./figures.ts";
import { useSession } from "./store.ts";

const splits = [
  ["train", "Training"],
  ["validation", "Validation"],
  ["test", "Test"],
] as const;

/** The inspector's "While training": the latest values of a loss or metric; nothing for other nodes. */
export function NodeTraining({ path }: { path: string }) {
  const curves = useSession((session) => session.curves);
  const document = useSession((session) => session.document);
  useSession((session) => session.revision);
  const rows = splits.flatMap(([split, title]) => {
    const value = curves.get(curveKey(split, path))?.values.at(-1);
    return value === undefined ? [] : [{ title, value }];
  });
  if (rows.length === 0) return null;
  const { share } = measureOf(path, document);
  return (
    <dl className="run-facts">
      {rows.map(({ title, value }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{formatMeasure(value, share)}</dd>
        </div>
      ))}
    </dl>
  );
}
