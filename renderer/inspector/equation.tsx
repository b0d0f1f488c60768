import { memo, useEffect, useState } from "react";
import { whenIdle } from "../stores/idle.ts";

/** What KaTeX has made of each formula so far. */
const set = new Map<string, string>();

/** Loads KaTeX, which is large, and sets a formula with it; each once. */
async function typeset(source: string): Promise<string> {
  const known = set.get(source);
  if (known !== undefined) return known;
  const { renderEquation } = await import("./katex.ts");
  const html = renderEquation(source);
  set.set(source, html);
  return html;
}

/** A formula. It is set when the page has time for it; till then its place is kept. */
export const Equation = memo(function Equation({ source }: { source: string }) {
  const [, drawn] = useState("");
  const html = set.get(source);
  useEffect(() => {
    if (html !== undefined) return;
    let live = true;
    const stop = whenIdle(() => void typeset(source).then(() => live && drawn(source)));
    return () => {
      live = false;
      stop();
    };
  }, [source, html]);
  if (html === undefined) return <div className="equation" aria-hidden="true" />;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX's own output of a formula from our catalogue
  return <div ref={keepFitting} key={source} className="equation" role="math" aria-label={source} dangerouslySetInnerHTML={{ __html: html }} />;
});

/** A formula wider than its box is set smaller, down to three quarters; beyond that the box scrolls. Looked at when the page has been laid out: asking before would have it laid out twice. */
function keepFitting(box: HTMLDivElement | null): (() => void) | undefined {
  if (!box) return undefined;
  const observer = new ResizeObserver(() => {
    const over = box.scrollWidth / box.clientWidth;
    if (over > 1) box.style.fontSize = `${Math.max(0.75, 0.98 / over)}em`;
    observer.disconnect();
  });
  observer.observe(box);
  return () => observer.disconnect();
}
