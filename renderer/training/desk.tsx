import { ChartLine, ChevronDown, TriangleAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useBackend } from "../engine/backends.ts";
import { useRuns } from "../runs/store.ts";
import { useDocument } from "../stores/document.ts";
import { openDialog, useInterface } from "../stores/interface.ts";
import { Button, EmptyState, Menu, Segmented } from "../ui/index.ts";
import { WritingPanel } from "../writing/panel.tsx";
import { useWrites } from "../writing/write.ts";
import { ChartPanel } from "./chart-panel.tsx";
import { type Measure, measuresOf, toldApart } from "./figures.ts";
import { RunFigures } from "./figures-panel.tsx";
import { useForecast } from "./forecast.ts";
import { MemoryLine, MemoryRefusal } from "./memory-need.tsx";
import { usePlanFault } from "./plan-fault.ts";
import { StaleNotice, useStale } from "./stale.tsx";
import { type SessionState, useSession } from "./store.ts";
import "./desk.css";

/** Width that one chart needs. */
const chartWidth = 420;
/** Room for the other controls of the bar, and for a letter of a measure's title with its share of the gaps. */
const roomOf = { controls: 320, letter: 8 } as const;

/** The bottom panel; for a network that writes text, also what it writes. */
export function TrainingDesk() {
  const writes = useWrites();
  const view = useInterface((ui) => ui.deskView);
  const show = useInterface((ui) => ui.showDesk);
  if (!writes) return <CurvesDesk />;
  return (
    <div className="desk-views">
      <Segmented
        label="What this panel shows"
        value={view}
        onChange={show}
        options={[
          { value: "curves", label: "Curves" },
          { value: "text", label: "Text" },
        ]}
      />
      {view === "text" ? <WritingPanel /> : <CurvesDesk />}
    </div>
  );
}

/** Curves of the shown run and of those it is compared with, its figures, its controls. */
function CurvesDesk() {
  const state = useSession((session) => session.state);
  // A start that failed says why until the graph is mended.
  const begun = useSession((session) => session.run !== undefined || session.state !== "failed");
  const stale = useStale();
  const compared = useRuns((runs) => runs.compared);
  if ((state === "idle" || (!begun && stale)) && compared.length === 0) return <NothingYet />;
  return (
    <div className="training-desk">
      <Charts />
      <RunFigures />
    </div>
  );
}

function Charts() {
  const curves = useSession((session) => session.curves);
  const document = useSession((session) => session.document);
  const state = useSession((session) => session.state);
  useSession((session) => session.revision);
  const compared = useRuns((runs) => runs.compared);
  const measuring = useBackend((backend) => backend.state === "measuring");
  const [chosen, setChosen] = useState<string>();
  const [log, setLog] = useState(false);
  const [smoothing, setSmoothing] = useState(0.6);
  const [zoomed, setZoomed] = useState(false);
  const [resetKey, setResetKey] = useState(0);
  const area = useRef<HTMLDivElement>(null);
  const width = useWidth(area);

  const source = curves.size > 0 ? { keys: curves.keys(), document } : { keys: compared[0]?.curves.keys() ?? [], document: compared[0]?.document };
  const measures = toldApart(measuresOf(source.keys, source.document));
  const first = measures.find((measure) => measure.name === chosen) ?? measures[0];
  const room = Math.max(1, Math.floor(width / chartWidth));
  const rest = measures.filter((measure) => measure !== first && measure.role !== "other");
  const shown = first === undefined ? [] : [first, ...rest].slice(0, room);

  return (
    <div className="desk-charts" ref={area}>
      <StaleNotice />
      {shown.length === 0 ? (
        <div className="desk-waiting" role="status">
          {waitingFor(state, measuring)}
        </div>
      ) : (
        <>
          <div className="desk-bar">
            {measures.length > 1 && <MeasureChoice measures={measures} shown={shown} narrow={!fits(measures, width)} onChoose={setChosen} />}
            <span className="spacer" />
            {zoomed && (
              <button type="button" className="desk-toggle" onClick={() => setResetKey((key) => key + 1)}>
                Reset zoom
              </button>
            )}
            <button type="button" className="desk-toggle" aria-pressed={log} onClick={() => setLog(!log)} title="Logarithmic axis">
              Log
            </button>
            <label className="desk-smoothing" title="Moving average over the raw values, which stay behind it">
              <span>Smoothing</span>
              <input type="range" min={0} max={0.99} step={0.01} value={smoothing} onChange={(event) => setSmoothing(Number(event.target.value))} />
              <output>{smoothing.toFixed(2)}</output>
            </label>
          </div>
          <div className="desk-row">
            {shown.map((measure) => (
              <ChartPanel
                key={measure.name}
                measure={measure}
                titled={shown.length > 1}
                log={log}
                smoothing={smoothing}
                resetKey={resetKey}
                onZoom={setZoomed}
              />
            ))}
          </div>
        </>
      )}
    </div>
  );
}

function waitingFor(state: SessionState, measuring: boolean): string {
  if (state === "failed") return "";
  if (state !== "starting") return "Waiting for the first values …";
  return measuring ? "Measuring backends first, once on this machine …" : "Loading data, compiling the graph …";
}

/** Whether the measures' titles can stand side by side instead of in a menu. */
const fits = (measures: readonly Measure[], width: number): boolean =>
  measures.reduce<number>((sum, { title }) => sum + roomOf.letter * (title.length + 2), roomOf.controls) <= width;

interface ChoiceProps {
  readonly measures: readonly Measure[];
  readonly shown: readonly Measure[];
  readonly narrow: boolean;
  readonly onChoose: (name: string) => void;
}

/** What the charts show: words side by side where there is room, else a menu. */
function MeasureChoice({ measures, shown, narrow, onChoose }: ChoiceProps) {
  if (narrow)
    return (
      <Menu
        side="top"
        trigger={
          <button type="button" className="desk-measure" aria-pressed="true">
            {shown[0]?.title}
            <ChevronDown size={13} aria-hidden="true" />
          </button>
        }
        items={measures.map((measure) => ({ label: measure.title, checked: shown.includes(measure), run: () => onChoose(measure.name) }))}
      />
    );
  return (
    <fieldset className="desk-measures" aria-label="What the charts show">
      {measures.map((measure) => (
        <button
          key={measure.name}
          type="button"
          className="desk-measure"
          aria-pressed={shown.includes(measure)}
          onClick={() => onChoose(measure.name)}
        >
          {measure.title}
        </button>
      ))}
    </fieldset>
  );
}

function NothingYet() {
  const empty = useDocument((state) => state.document.nodes.length === 0);
  const name = useDocument((state) => state.document.name);
  const errors = useDocument((state) => state.checked.problems.filter((problem) => problem.severity === "error").length);
  const showProblems = useInterface((state) => state.showProblems);
  const fault = usePlanFault();
  const drawing = useDocument((state) => !state.document.nodes.some(({ type }) => type === "dataset"));
  if (empty)
    return (
      <EmptyState
        icon={<ChartLine size={22} />}
        title="Curves appear here"
        action={<Button onClick={() => openDialog({ kind: "gallery" })}>Choose a template</Button>}
      >
        Draw a network, or start from one that trains at once.
      </EmptyState>
    );
  if (errors > 0)
    return (
      <EmptyState
        icon={<TriangleAlert size={22} />}
        title={errors === 1 ? "One problem stands in the way of training" : `${errors} problems stand in the way of training`}
        action={<Button onClick={() => showProblems(true)}>Show problems</Button>}
      >
        Each says what is wrong and how to mend it.
      </EmptyState>
    );
  if (fault !== undefined)
    return (
      <EmptyState icon={<ChartLine size={22} />} title={drawing ? "A drawing, with nothing to train on" : "Not ready to train yet"}>
        {drawing ? "It is counted and explained as it stands; add a data set and a loss to train it." : fault}
      </EmptyState>
    );
  return <Ready name={name} />;
}

/** Nothing stands in the way but, perhaps, memory. */
function Ready({ name }: { readonly name: string }) {
  const { forecast, pending } = useForecast();
  if (forecast?.refusal)
    return (
      <div className="desk-refusal">
        <p className="empty-title">Too large to train here</p>
        <MemoryRefusal forecast={forecast} pending={pending} />
      </div>
    );
  return (
    <EmptyState icon={<ChartLine size={22} />} title="Ready to train" action={<MemoryLine forecast={forecast} pending={pending} />}>
      Press Train to fit {name}; its loss and metrics are drawn here as they fall and rise.
    </EmptyState>
  );
}

function useWidth(ref: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
