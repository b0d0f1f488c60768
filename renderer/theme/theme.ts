import { type Theme, useInterface } from "../stores/interface.ts";

/** Puts the chosen theme on the page and keeps it there. "system" follows the machine, by the stylesheet alone. */
export function applyTheme(): () => void {
  const put = (theme: Theme) => {
    const { dataset } = window.document.documentElement;
    if (theme === "system") delete dataset.theme;
    else dataset.theme = theme;
  };
  put(useInterface.getState().theme);
  return useInterface.subscribe((state, before) => {
    if (state.theme !== before.theme) put(state.theme);
  });
}

/** A token's colour as it is now, `"rgb(…)"`, for drawing on a canvas: `tokenColour("--accent")`. */
export function tokenColour(token: `--${string}`): string {
  const probe = window.document.createElement("span");
  probe.style.color = `var(${token})`;
  window.document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** Tells when colours change: by choice or with the system. Returns how to stop. */
export function onThemeChange(listener: () => void): () => void {
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", listener);
  const stop = useInterface.subscribe((state, before) => {
    if (state.theme !== before.theme) queueMicrotask(listener);
  });
  return () => {
    media.removeEventListener("change", listener);
    stop();
  };
}
