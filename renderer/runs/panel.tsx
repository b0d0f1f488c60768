import { Ellipsis, GitBranch, History, Play } from "lucide-react";
import { useMemo, useState } from "react";
import { z } from "zod";
import type { RunRecord } from "../../src/host/contract.ts";
import { saveBlob } from "../export/download.ts";
import { useServices, withServices } from "../host/services.ts";
import { notify, openDialog } from "../stores/interface.ts";
import { keyFigure } from "../training/figures.ts";
import { formatAgo, formatCount, plural } from "../training/format.ts";
import { canContinue, useSession } from "../training/store.ts";
import { EmptyState, IconButton, Menu, TextInput, Tooltip } from "../ui/index.ts";
import { openRun } from "./open.ts";
import { useRuns } from "./store.ts";
import { useNow } from "./use-now.ts";
import "./runs.css";

/** The kept runs: compare, reopen, continue, rename, export, delete. */
export function RunsPanel() {
  const runs = useRuns((state) => state.runs);
  const fault = useRuns((state) => state.fault);
  const connected = useServices((state) => state.services !== undefined);
  const [search, setSearch] = useState("");
  const now = useNow(15_000);
  const found = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return runs.filter((run) => words.every((word) => `${run.name} ${run.document} ${run.state} ${run.backend}`.toLowerCase().includes(word)));
  }, [runs, search]);

  if (fault !== undefined) return <EmptyState title="The runs cannot be listed">{fault}</EmptyState>;
  if (connected && runs.length === 0)
    return (
      <EmptyState icon={<History size={22} />} title="No runs yet">
        Every training is kept here with its graph, curves and weights: to compare, to continue, to export.
      </EmptyState>
    );
  return (
    <div className="runs-panel">
      <TextInput type="search" value={search} onChange={setSearch} placeholder="Find a run" aria-label="Find a run" />
      {found.length === 0 && runs.length > 0 && <p className="runs-none">No run is called that.</p>}
      <ul className="runs-list" aria-label="Runs">
        {found.map((run) => (
          <RunItem key={run.id} run={run} now={now} />
        ))}
      </ul>
    </div>
  );
}

function RunItem({ run, now }: { run: RunRecord; now: number }) {
  const shown = useSession((session) => session.run?.id === run.id);
  const live = useSession((session) => session.live && session.run?.id === run.id);
  const compared = useRuns((state) => state.compared.some((other) => other.id === run.id));
  const [renaming, setRenaming] = useState(false);
  /** What was ticked, until the run's curves are read. */
  const [wanted, setWanted] = useState<boolean>();
  const compare = (on: boolean) => {
    setWanted(on);
    withServices(({ runs }) =>
      runs
        .compare(run.id, on)
        .catch(tell)
        .finally(() => setWanted(undefined)),
    );
  };
  const figure = headlineOf(run);
  const goesOn = canContinue({ state: run.state, live, run });

  return (
    <li className="run-item" data-shown={shown} data-state={run.state}>
      <Tooltip text="Draw its curves beside the shown run's" side="right">
        <input
          type="checkbox"
          className="run-compare"
          aria-label={`Compare ${run.name}`}
          checked={wanted ?? compared}
          onChange={(event) => compare(event.target.checked)}
        />
      </Tooltip>
      {renaming ? (
        <RenameField run={run} onDone={() => setRenaming(false)} />
      ) : (
        <button
          type="button"
          className="run-open"
          aria-current={shown || undefined}
          title="Show its curves and the graph as it was trained"
          onClick={() => openRun(run.id)}
          onDoubleClick={() => setRenaming(true)}
        >
          <span className="run-line">
            <b>{run.name}</b>
            <span className="run-figure">{figure?.text}</span>
          </span>
          <span className="run-line run-quiet">
            <span className="run-document">{run.document}</span>
            <span>{figure?.title.toLowerCase()}</span>
          </span>
          <span className="run-line run-quiet">
            <span className="run-badge" data-state={run.state}>
              {stateWord(run)}
            </span>
            <span className="run-when">{formatAgo(run.created, now)}</span>
          </span>
          {run.from && (
            <span className="run-line run-quiet">
              <span className="run-document">
                from {run.from.name} · {run.from.carried} of {plural(run.from.variables, "weight")}
              </span>
            </span>
          )}
        </button>
      )}
      <span className="run-tools">
        <Menu
          align="end"
          trigger={
            <IconButton label={`More for ${run.name}`}>
              <Ellipsis size={14} />
            </IconButton>
          }
          items={[
            { label: "Show curves and graph", run: () => openRun(run.id) },
            {
              label: "Resume from its checkpoint",
              icon: <Play size={14} />,
              disabled: !goesOn || live,
              run: () =>
                withServices(async ({ session }) => {
                  await session.show(run.id);
                  await session.resume();
                }),
            },
            {
              label: "Start from its weights…",
              icon: <GitBranch size={14} />,
              disabled: run.checkpointStep === undefined,
              run: () => openDialog({ kind: "carry-over", run: run.id }),
            },
            "-",
            { label: "Rename", run: () => setRenaming(true) },
            { label: "Save metrics as CSV", run: () => withServices(({ runs }) => saveCsv(run, runs.csv(run.id))) },
            { label: "Export the model…", disabled: run.checkpointStep === undefined, run: () => openDialog({ kind: "export", run: run.id }) },
            "-",
            { label: "Delete…", danger: true, disabled: live, run: () => confirmDelete(run) },
          ]}
        />
      </span>
    </li>
  );
}

const headlineSchema = z.object({ title: z.string(), text: z.string() });

/** The figure that the run's record names as the one that matters, else the likeliest. */
function headlineOf(run: RunRecord): { readonly title: string; readonly text: string } | undefined {
  const kept = headlineSchema.safeParse(run.headline);
  return kept.success ? kept.data : keyFigure(run.figures, undefined);
}

const stateWord = (run: RunRecord): string =>
  run.state === "finished" ? plural(run.steps, "step") : `${run.state} · ${formatCount(run.step)} / ${formatCount(run.steps)}`;

function RenameField({ run, onDone }: { run: RunRecord; onDone: () => void }) {
  const [name, setName] = useState(run.name);
  const take = () => {
    withServices(({ runs }) => runs.rename(run.id, name).catch(tell));
    onDone();
  };
  return (
    <TextInput
      autoFocus
      className="run-rename"
      aria-label={`New name of ${run.name}`}
      value={name}
      maxLength={200}
      onChange={setName}
      onBlur={take}
      onFocus={(event) => event.target.select()}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
        if (event.key === "Escape") onDone();
      }}
    />
  );
}

async function saveCsv(run: RunRecord, csv: Promise<string>): Promise<void> {
  try {
    saveBlob(`${run.name}.csv`, new TextEncoder().encode(await csv), "text/csv");
  } catch (error) {
    tell(error);
  }
}

const confirmDelete = (run: RunRecord) =>
  openDialog({
    kind: "confirm",
    confirm: {
      title: `Delete ${run.name}?`,
      text: "Its curves, the graph as it was trained and its weights are deleted from this machine. This cannot be undone.",
      choices: [
        { label: "Keep it", run: () => undefined },
        {
          label: "Delete",
          tone: "danger",
          run: () =>
            withServices(async ({ runs, session }) => {
              if (useSession.getState().run?.id === run.id) await session.clear();
              await runs.remove(run.id).catch(tell);
            }),
        },
      ],
    },
  });

const tell = (error: unknown) => notify({ tone: "bad", text: error instanceof Error ? error.message : String(error) });
