import { useCallback, useEffect, useState } from "react";

type Render = typeof import("./katex.ts").renderEquation;
let loaded: Render | undefined;

/** A formula, set by KaTeX, which is loaded when the first one is shown. */
export function Equation({ source }: { source: string }) {
  const [render, setRender] = useState<Render | undefined>(() => loaded);
  useEffect(() => {
    if (render) return;
    let live = true;
    void import("./katex.ts").then((module) => {
      loaded = module.renderEquation;
      if (live) setRender(() => module.renderEquation);
    });
    return () => {
      live = false;
    };
  }, [render]);
  const fit = useCallback((box: HTMLDivElement | null) => {
    if (box) shrink(box);
  }, []);
  if (!render) return <div className="equation" aria-hidden="true" />;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX's own output of a formula from our catalogue
  return <div ref={fit} key={source} className="equation" role="math" aria-label={source} dangerouslySetInnerHTML={{ __html: render(source) }} />;
}

/** A formula wider than its box is set smaller, down to three quarters; beyond that the box scrolls. */
function shrink(box: HTMLDivElement): void {
  const over = box.scrollWidth / box.clientWidth;
  if (over > 1) box.style.fontSize = `${Math.max(0.75, 0.98 / over)}em`;
}
