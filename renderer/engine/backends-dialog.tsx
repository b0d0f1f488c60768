import { withServices } from "../host/services.ts";
import { openDialog } from "../stores/interface.ts";
import { useSession } from "../training/store.ts";
import { Button, Dialog } from "../ui/index.ts";
import type { BackendMeasurement } from "./api.ts";
import { useBackend } from "./backends.ts";
import "./backends.css";

/** What each backend was measured at on this machine, and the choice among them. */
export function BackendsDialog() {
  const { state, report, preferred, fault } = useBackend((backend) => backend);
  const busy = useSession((session) => session.live);
  const close = () => openDialog(null);
  const choose = (name: string | undefined) => withServices(({ backends }) => backends.choose(name));
  const measured = report?.measured ?? [];
  const slowest = Math.max(1e-9, ...measured.map((one) => one.large?.milliseconds ?? 0));
  return (
    <Dialog
      title="Where training runs"
      about="Each backend trained a small and a large network on this machine for a moment. The fastest for your network's size is used, unless you choose one."
      onClose={close}
      footer={
        <>
          <Button disabled={state === "measuring" || busy} onClick={() => withServices(({ backends }) => backends.measureAgain())}>
            {state === "measuring" ? "Measuring …" : "Measure again"}
          </Button>
          <Button tone="primary" onClick={close}>
            Close
          </Button>
        </>
      }
    >
      {fault !== undefined && <p className="backend-fault">{fault}</p>}
      {busy && <p className="backend-note">A run is being held: stop it, or let it finish, to change the backend.</p>}
      <fieldset className="backend-list" aria-label="Backend" disabled={busy || state === "measuring"}>
        <label className="backend-row">
          <input type="radio" name="backend" checked={preferred === undefined} onChange={() => choose(undefined)} />
          <span className="backend-name">The fastest</span>
          <span className="backend-note">{report && preferred === undefined ? report.label : ""}</span>
        </label>
        {measured.map((one) => (
          <BackendRow
            key={one.name}
            one={one}
            slowest={slowest}
            chosen={preferred === one.name}
            used={report?.chosen === one.name}
            onChoose={choose}
          />
        ))}
      </fieldset>
    </Dialog>
  );
}

interface RowProps {
  readonly one: BackendMeasurement;
  readonly slowest: number;
  readonly chosen: boolean;
  readonly used: boolean;
  readonly onChoose: (name: string) => void;
}

function BackendRow({ one, slowest, chosen, used, onChoose }: RowProps) {
  const { name, label, available, small, large, note } = one;
  return (
    <label className="backend-row" data-available={available}>
      <input type="radio" name="backend" checked={chosen} disabled={!available} onChange={() => onChoose(name)} />
      <span className="backend-name">
        {label}
        {used && <em>in use</em>}
      </span>
      {small !== undefined && large !== undefined && (
        <span className="backend-time">
          <i style={{ width: `${Math.max(1.5, (large.milliseconds / slowest) * 100)}%` }} data-used={used} />
          <b>
            {formatTime(small.milliseconds)} · {formatTime(large.milliseconds)} ms a step
          </b>
        </span>
      )}
      {note !== undefined && <span className="backend-note">{note}</span>}
    </label>
  );
}

const formatTime = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 10 ? 1 : 0);
