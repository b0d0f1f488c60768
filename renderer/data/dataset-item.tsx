import { ChevronRight, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { DatasetInfo, Split } from "../../src/tensor/dataset.ts";
import { formatShape } from "../../src/tensor/types.ts";
import type { DatasetEntry, DatasetSamples } from "../engine/api.ts";
import { withServices } from "../host/services.ts";
import { classHue } from "../previews/picture.tsx";
import { notify, openDialog } from "../stores/interface.ts";
import { formatCount } from "../training/format.ts";
import { reason } from "../training/session.ts";
import { Button, IconButton, Segmented, Tooltip } from "../ui/index.ts";
import { putInGraph } from "./put-in-graph.ts";
import { Samples, samplesShown } from "./samples.tsx";

interface Props {
  readonly entry: DatasetEntry;
  readonly used: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** A data set in the list; opened, its samples, classes and story. */
export function DatasetItem({ entry, used, open, onToggle }: Props) {
  const { info } = entry;
  return (
    <div className="data-item" data-open={open}>
      <button type="button" className="data-head" aria-expanded={open} onClick={onToggle}>
        <ChevronRight size={14} className="data-chevron" aria-hidden="true" />
        <span className="data-title">{info.title}</span>
        {used && <span className="data-used">in use</span>}
        <span className="data-size">{shapeOf(info)}</span>
      </button>
      {open && <Detail entry={entry} />}
    </div>
  );
}

/** The shape of one example's main port. */
function shapeOf(info: DatasetInfo): string {
  const port = Object.values(info.ports)[0];
  return port === undefined ? "" : formatShape(port.shape);
}

function Detail({ entry }: { entry: DatasetEntry }) {
  const { info, user } = entry;
  const splits = (["train", "test"] as const).filter((split) => info.counts[split] > 0);
  const [split, setSplit] = useState<Split>("train");
  const { samples, fault } = useSamples(info.name, split);
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([change]) => setWidth(Math.floor(change?.contentRect.width ?? 0)));
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="data-detail" ref={box}>
      {splits.length > 1 && (
        <Segmented
          label="Part of the data"
          value={split}
          onChange={setSplit}
          options={splits.map((value) => ({ value, label: info.whole ? value : `${value} ${formatCount(info.counts[value])}` }))}
        />
      )}
      {fault !== undefined && <p className="data-unreadable">{fault}</p>}
      {samples === undefined && fault === undefined && <p className="data-quiet">Reading …</p>}
      {samples !== undefined && width > 0 && <Samples samples={samples} width={width} />}
      {samples !== undefined && samples.classes.length > 0 && <ClassBars classes={samples.classes} />}
      <p className="data-about">{info.about}</p>
      <div className="data-actions">
        {info.uses?.includes("tokens") && (
          <Tooltip text="How byte pairs come about, merge by merge">
            <Button onClick={() => openDialog({ kind: "tokens", data: info.name })}>Tokens…</Button>
          </Tooltip>
        )}
        <Button onClick={() => putInGraph(info.name, info.title, user ? entry.target : undefined)}>Use in the graph</Button>
        {user && (
          <IconButton label="Remove" onClick={() => confirmRemove(info.name)}>
            <Trash2 size={14} />
          </IconButton>
        )}
      </div>
    </div>
  );
}

function useSamples(name: string, split: Split): { samples: DatasetSamples | undefined; fault: string | undefined } {
  const [state, setState] = useState<{ samples?: DatasetSamples; fault?: string }>({});
  useEffect(() => {
    let gone = false;
    withServices(async ({ engine }) => {
      try {
        const samples = await engine.api.samples(name, undefined, split, samplesShown);
        if (!gone) setState({ samples });
      } catch (error) {
        if (!gone) setState({ fault: reason(error) });
      }
    });
    return () => {
      gone = true;
    };
  }, [name, split]);
  return { samples: state.samples, fault: state.fault };
}

/** Bars shown; of more classes, the largest. */
const mostBars = 20;

function ClassBars({ classes }: { classes: DatasetSamples["classes"] }) {
  const highest = Math.max(1, ...classes.map((one) => one.count));
  const shown = classes.slice(0, mostBars);
  return (
    <ul className="class-bars" aria-label="Examples of each class">
      {shown.map(({ name, count }, i) => (
        <li key={name}>
          <span className="class-name" title={name}>
            {name}
          </span>
          <span className="class-bar">
            <i style={{ width: `${(count / highest) * 100}%`, background: `var(${classHue(i)})` }} />
          </span>
          <span className="class-count">{formatCount(count)}</span>
        </li>
      ))}
      {classes.length > shown.length && <li className="data-quiet">and {classes.length - shown.length} more</li>}
    </ul>
  );
}

const confirmRemove = (name: string) =>
  openDialog({
    kind: "confirm",
    confirm: {
      title: `Remove ${name}?`,
      text: "Netloom's copy of the file is deleted; the file you brought it from stays as it is. Graphs that use it will ask for it.",
      choices: [
        { label: "Keep it", run: () => undefined },
        {
          label: "Remove",
          tone: "danger",
          run: () => withServices(({ data }) => data.remove(name).catch((error: unknown) => notify({ tone: "bad", text: reason(error) }))),
        },
      ],
    },
  });
