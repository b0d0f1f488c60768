import { type CSSProperties, type KeyboardEvent, memo, type PointerEvent, useLayoutEffect, useRef, useState } from "react";
import type { Piece } from "../../src/generation/writer.ts";
import { useWriting } from "./store.ts";

/**
 * The written text, token by token, the less expected the stronger its ground. Pointing at one, or going there with the arrow keys, tells
 * what else the network held for probable.
 */
export function WrittenText() {
  const prompt = useWriting((state) => state.prompt);
  const pieces = useWriting((state) => state.pieces);
  const busy = useWriting((state) => state.busy);
  const [at, setAt] = useState<number>();
  const box = useRef<HTMLDivElement>(null);
  const shown = at === undefined ? undefined : pieces[at];

  // New text is followed while it comes.
  useLayoutEffect(() => {
    if (busy && pieces.length > 0 && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [busy, pieces]);

  const point = (event: PointerEvent) => {
    const index = event.target instanceof HTMLElement ? event.target.dataset.index : undefined;
    setAt(index === undefined ? undefined : Number(index));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, Home: -pieces.length, End: pieces.length };
    const by = moves[event.key];
    if (event.key === "Escape") setAt(undefined);
    if (by === undefined || pieces.length === 0) return;
    event.preventDefault();
    const next = at === undefined ? 0 : Math.min(pieces.length - 1, Math.max(0, at + by));
    setAt(next);
    box.current?.querySelector(`[data-index="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };
  if (pieces.length === 0 && !busy)
    return (
      <div className="writing-empty">
        Write lets the network go on from the prompt. Pointing at a token then shows what else it held for probable; the arrow keys go from one to the
        next.
      </div>
    );
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a text area holds no tokens that one can point at. */}
      <div
        role="textbox"
        aria-readonly="true"
        aria-multiline="true"
        className="writing-text"
        ref={box}
        tabIndex={0}
        aria-label="Written text"
        onPointerMove={point}
        onPointerLeave={() => setAt(undefined)}
        onBlur={() => setAt(undefined)}
        onKeyDown={onKeyDown}
      >
        <span className="writing-prompt">{prompt}</span>
        {pieces.map((piece, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no name but their place.
          <Token key={i} index={i} piece={piece} chosen={i === at} />
        ))}
      </div>
      {shown && at !== undefined && <Probabilities piece={shown} box={box.current} index={at} />}
      <span className="sr-only" aria-live="polite">
        {shown && `${visible(shown.text)}, ${percent(shown.probability)}`}
      </span>
    </>
  );
}

const Token = memo(({ piece, index, chosen }: { piece: Piece; index: number; chosen: boolean }) => (
  <span
    data-index={index}
    data-chosen={chosen || undefined}
    className="writing-token"
    style={{ "--surprise": `${surprise(piece.probability)}%` } as CSSProperties}
  >
    {piece.text}
  </span>
));

/** How strong a token's ground is, in percent: it grows with the bits of information that the token brings, up to eight. */
const surprise = (probability: number): number => Math.round(36 * Math.min(1, -Math.log2(Math.max(probability, 1e-9)) / 8));

/** Room that the card takes. */
const card = { width: 190, height: 158 } as const;

/** The five most probable tokens at a place, as a card above the token, or below where there is no room. */
function Probabilities({ piece, box, index }: { piece: Piece; box: HTMLElement | null; index: number }) {
  const place = box?.querySelector(`[data-index="${index}"]`)?.getClientRects()[0];
  if (!place) return null;
  const left = Math.max(8, Math.min(place.left, window.innerWidth - card.width - 8));
  const top = place.top > card.height + 8 ? place.top - card.height - 4 : place.bottom + 4;
  const highest = piece.best[0]?.probability ?? 1;
  const others = piece.best.some(({ chosen }) => chosen)
    ? piece.best
    : [...piece.best, { name: piece.text, probability: piece.probability, chosen: true }];
  return (
    <div className="writing-card" role="tooltip" style={{ left, top, width: card.width }}>
      {others.map(({ name, probability, chosen }, rank) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: several tokens can have one name; a row is its rank.
        <div key={rank} className="writing-row" data-chosen={chosen || undefined}>
          <span className="writing-name">{visible(name)}</span>
          <span className="writing-bar">
            <i style={{ width: `${(100 * probability) / highest}%` }} />
          </span>
          <span className="writing-percent">{percent(probability)}</span>
        </div>
      ))}
    </div>
  );
}

/** A token with its spaces and line ends made visible. */
const visible = (text: string): string => text.replaceAll("\n", "⏎").replaceAll(" ", "␣");
const percent = (probability: number): string =>
  probability >= 0.0995 ? `${Math.round(100 * probability)} %` : probability >= 0.001 ? `${(100 * probability).toFixed(1)} %` : "< 0.1 %";
