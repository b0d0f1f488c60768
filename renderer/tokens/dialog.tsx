import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { countTokens, type MergeSteps, mergeSteps, type ShownToken } from "../../src/data/text/steps.ts";
import { useData } from "../data/library.ts";
import { withServices } from "../host/services.ts";
import { notify, openDialog } from "../stores/interface.ts";
import { formatCount, plural } from "../training/format.ts";
import { reason } from "../training/session.ts";
import { Dialog, Field, IconButton, Select, TextArea } from "../ui/index.ts";
import { StepsChart } from "./chart.tsx";
import "./tokens.css";

/** The nursery rhyme of figure 12.8. */
const rhyme =
  "a sailor went to sea sea sea to see what he could see see see but all that he could see see see was the bottom of the deep blue sea sea sea ";
/** Characters that are stepped through, tokens that are drawn, rows of the table. */
const most = { characters: 4000, tokens: 3000, rows: 60 } as const;
const own = "";

/** Byte-pair encoding, one merge after the other: the text in tokens, how often each stands there, and how both change. */
export function TokensDialog({ data }: { data?: string | undefined }) {
  const entries = useData((state) => state.entries);
  const texts = entries.filter(({ info }) => info.uses?.includes("tokens"));
  const [source, setSource] = useState<string>("rhyme");
  const [text, setText] = useState(rhyme);
  /** What was chosen last: a text that arrives after another choice is not shown. */
  const wanted = useRef<string>(source);
  useEffect(() => {
    if (data === undefined) return;
    setSource(data);
    wanted.current = data;
    readSample(data, (sample) => wanted.current === data && setText(sample));
  }, [data]);
  const [step, setStep] = useState(0);
  const shownText = useDeferredValue(text);
  const steps = useMemo(() => mergeSteps(shownText), [shownText]);
  const at = Math.min(step, steps.merges.length);
  const tokens = useMemo(() => steps.at(at), [steps, at]);

  const choose = (next: string) => {
    setSource(next);
    setStep(0);
    wanted.current = next;
    if (next === "rhyme") setText(rhyme);
    else if (next !== own) readSample(next, (sample) => wanted.current === next && setText(sample));
  };
  const options = [
    { value: "rhyme", label: "The rhyme of figure 12.8" },
    ...texts.map(({ info }) => ({ value: info.name, label: `Pieces of ${info.title}` })),
    { value: own, label: "A text of your own" },
  ];
  return (
    <Dialog
      title="Byte-pair encoding, step by step"
      about="The two tokens that stand side by side most often become one, again and again. Tokens never reach beyond the space that ends a word."
      size="large"
      onClose={() => openDialog(null)}
    >
      <div className="tokens-source">
        <Field label="Text">{({ id }) => <Select id={id} value={source} onChange={choose} options={options} />}</Field>
      </div>
      {source === own && (
        <TextArea
          aria-label="Your text"
          rows={4}
          maxLength={most.characters}
          value={text}
          onChange={(value) => {
            setText(value);
            setStep(0);
          }}
        />
      )}
      <Stepper steps={steps} at={at} onStep={setStep} />
      <div className="tokens-body">
        <Segments tokens={tokens} />
        <Counts tokens={tokens} />
      </div>
      <StepsChart steps={steps} at={at} onStep={setStep} />
    </Dialog>
  );
}

/** Windows of a data set, one after the other: enough of its text to see how merges go. */
function readSample(name: string, take: (text: string) => void): void {
  withServices(async ({ engine }) => {
    try {
      const { ports } = await engine.api.samples(name, undefined, "train", 40);
      const [x] = ports;
      take(Array.from(x?.values ?? [], (token) => x?.names?.[token] ?? "").join(""));
    } catch (error) {
      notify({ tone: "bad", text: `${name} could not be read: ${reason(error)}` });
    }
  });
}

interface StepperProps {
  readonly steps: MergeSteps;
  readonly at: number;
  readonly onStep: (step: number) => void;
}

function Stepper({ steps, at, onStep }: StepperProps) {
  const last = steps.merges.length;
  const merge = steps.merges[at - 1];
  const said = merge
    ? `Merge ${at} of ${last}: ${visible(merge.left)} and ${visible(merge.right)}, side by side ${plural(merge.count, "time")}, become ${visible(merge.made)}`
    : last === 0
      ? "No two tokens stand side by side within a word: there is nothing to merge."
      : `Before the first of ${plural(last, "merge")}: every character is a token`;
  return (
    <div className="tokens-stepper">
      <IconButton label="Before the first merge" disabled={at === 0} onClick={() => onStep(0)}>
        <ChevronFirst size={16} />
      </IconButton>
      <IconButton label="One merge back" disabled={at === 0} onClick={() => onStep(at - 1)}>
        <ChevronLeft size={16} />
      </IconButton>
      <input
        type="range"
        data-autofocus
        min={0}
        max={last}
        step={1}
        value={at}
        aria-label="Merge"
        aria-valuetext={said}
        onChange={(event) => onStep(Number(event.target.value))}
      />
      <IconButton label="The next merge" disabled={at === last} onClick={() => onStep(at + 1)}>
        <ChevronRight size={16} />
      </IconButton>
      <IconButton label="After the last merge" disabled={at === last} onClick={() => onStep(last)}>
        <ChevronLast size={16} />
      </IconButton>
      <p className="tokens-said">{said}</p>
    </div>
  );
}

function Segments({ tokens }: { tokens: readonly ShownToken[] }) {
  return (
    <section className="tokens-text" aria-label="The text in tokens">
      {tokens.slice(0, most.tokens).map(({ name, fresh }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no name but their place.
        <span key={i} className="tokens-token" data-fresh={fresh || undefined}>
          {visible(name)}
          {name.endsWith("\n") && <br />}
        </span>
      ))}
      {tokens.length > most.tokens && <p className="tokens-more">{`and ${formatCount(tokens.length - most.tokens)} more`}</p>}
    </section>
  );
}

function Counts({ tokens }: { tokens: readonly ShownToken[] }) {
  const counts = countTokens(tokens);
  const highest = counts[0]?.count ?? 1;
  return (
    <section className="tokens-counts" aria-label="How often each token stands there">
      <p className="tokens-more">{`${plural(tokens.length, "token")}, ${formatCount(counts.length)} different`}</p>
      <ul>
        {counts.slice(0, most.rows).map(({ token, name, count, fresh }) => (
          <li key={token} data-fresh={fresh || undefined}>
            <span className="tokens-name">{visible(name)}</span>
            <span className="tokens-bar">
              <i style={{ width: `${(100 * count) / highest}%` }} />
            </span>
            <span className="tokens-count">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
      {counts.length > most.rows && <p className="tokens-more">{`and ${formatCount(counts.length - most.rows)} rarer ones`}</p>}
    </section>
  );
}

/** A token with its spaces and line ends made visible; figure 12.8 writes spaces so. */
const visible = (text: string): string => text.replaceAll("\n", "⏎").replaceAll(" ", "_");
