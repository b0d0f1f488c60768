import { PenLine, Square } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { jumpToNode } from "../training/jump.ts";
import { useSession } from "../training/store.ts";
import { Button, Field, NumberField, TextArea, TextInput } from "../ui/index.ts";
import { setWriting, useWriting, type WritingSettings } from "./store.ts";
import { WrittenText } from "./text.tsx";
import { startWriting, stopWriting, writingFault } from "./write.ts";
import "./writing.css";

/** Lets the shown run's network write: prompt and settings, and beside them the text with what else was probable. */
export function WritingPanel() {
  const busy = useWriting((state) => state.busy);
  const settings = useWriting((state) => state.settings);
  const state = useSession((session) => session.state);
  const live = useSession((session) => session.live);
  const fault = writingFault({ state, live });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    void startWriting();
  };
  return (
    <div className="writing">
      <form
        className="writing-settings"
        aria-label="How to write"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          void startWriting();
        }}
      >
        <TextArea
          rows={2}
          aria-label="Prompt"
          placeholder="Prompt: the text goes on from here"
          value={settings.prompt}
          maxLength={20_000}
          onChange={(prompt) => setWriting({ prompt })}
        />
        <div className="writing-fields">
          <Numbers settings={settings} />
          <Field label="Stop at" help="The text ends once it has this in it; \n is the end of a line.">
            {({ id, describedBy }) => (
              <TextInput id={id} describedBy={describedBy ?? ""} value={settings.stop} maxLength={200} onChange={(stop) => setWriting({ stop })} />
            )}
          </Field>
        </div>
        <div className="writing-actions">
          {busy ? (
            <Button icon={<Square size={13} />} onClick={stopWriting}>
              Stop
            </Button>
          ) : (
            <Button tone="primary" type="submit" icon={<PenLine size={14} />} disabled={fault !== undefined}>
              Write
            </Button>
          )}
          <span className="writing-quiet">{fault}</span>
        </div>
      </form>
      <div className="writing-result">
        <WrittenText />
        <Summary />
      </div>
    </div>
  );
}

const ranges = {
  tokens: { label: "Tokens", min: 1, max: 10_000, whole: true, help: "Tokens to write, at most." },
  temperature: {
    label: "Temperature",
    min: 0,
    max: 100,
    whole: false,
    help: "Below 1 the likely gets likelier; 0 takes the most probable token always.",
  },
  topK: {
    label: "Best k",
    min: 0,
    max: 1_000_000,
    whole: true,
    words: { 0: "all" },
    help: "Draws from so many of the most probable tokens only; 0: from all.",
  },
  topP: {
    label: "Nucleus",
    min: 0,
    max: 1,
    whole: false,
    words: { 1: "off" },
    help: "Draws from the most probable tokens that together reach this probability; 1: from all.",
  },
  beam: { label: "Beam", min: 1, max: 32, whole: true, help: "Above 1: follows so many of the most probable texts instead of drawing." },
  seed: { label: "Seed", min: 0, max: 2 ** 32 - 1, whole: true, help: "The same seed draws the same text." },
} as const;
const drawing: ReadonlySet<string> = new Set(["temperature", "topK", "topP", "seed"]);

function Numbers({ settings }: { settings: WritingSettings }): ReactNode {
  return Object.entries(ranges).map(([name, { label, help, ...range }]) => (
    <Field key={name} label={label} help={help}>
      {({ id, describedBy }) => (
        <NumberField
          id={id}
          {...(describedBy !== undefined && { describedBy })}
          {...range}
          value={settings[name as keyof typeof ranges]}
          disabled={settings.beam > 1 && drawing.has(name)}
          onChange={(value) => setWriting({ [name]: value })}
        />
      )}
    </Field>
  ));
}

const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(1)} ms`;

/** What was written, how fast, and what that owes to keeping what was computed. */
function Summary() {
  const { outcome, facts, by, busy, pieces } = useWriting((state) => state);
  if (outcome?.ok === false)
    return (
      <p className="writing-fault" role="alert">
        {outcome.message}{" "}
        {outcome.node !== undefined && (
          <button type="button" className="link" onClick={() => jumpToNode(outcome.node ?? "")}>
            Show {outcome.node}
          </button>
        )}
      </p>
    );
  if (busy && facts === undefined) return <p className="writing-quiet" role="status">{`Preparing the network${by ? ` (${by})` : ""} …`}</p>;
  if (busy) return <p className="writing-quiet">{`${pieces.length} tokens · ${by}`}</p>;
  if (!outcome || !facts) return null;
  return (
    <p className="writing-quiet" role="status">
      {`${outcome.tokens} tokens by ${by} in ${outcome.seconds.toFixed(1)} s. `}
      {facts.obstacles.length > 0 && "All is computed again for each token, because "}
      {facts.obstacles.map((path, i) => (
        <span key={path}>
          {i > 0 && ", "}
          <button type="button" className="link" onClick={() => jumpToNode(path)}>
            {path}
          </button>
        </span>
      ))}
      {facts.stepSeconds !== undefined &&
        `What was computed of earlier tokens is kept: it takes ${milliseconds(facts.stepSeconds)} a token instead of ${milliseconds(facts.wholeSeconds)}, ${(facts.wholeSeconds / facts.stepSeconds).toFixed(1)} times as fast.`}
      {facts.obstacles.length > 0 && " cannot take tokens as they come."}
      {outcome.unknown.length > 0 && ` The network has no token for ${outcome.unknown.map((one) => `“${one}”`).join(", ")}.`}
    </p>
  );
}
