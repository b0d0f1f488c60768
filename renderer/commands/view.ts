import {
  CircleAlert,
  Command as CommandIcon,
  Keyboard,
  type LucideIcon,
  Map as MapIcon,
  Maximize,
  PanelBottom,
  PanelLeft,
  PanelRight,
  Scan,
  Search,
  SkipBack,
  SkipForward,
  SunMoon,
  TextSearch,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { fitAll, fitNodes, goTo, zoomBy, zoomTo } from "../canvas/controller.ts";
import { useDocument } from "../stores/document.ts";
import { type LeftTab, notify, openDialog, type PanelSide, type Theme, useInterface } from "../stores/interface.ts";
import { announce } from "../ui/announce.tsx";
import type { Command } from "./registry.ts";

/** From the system's theme to the other one first, so that every switch is seen but the one back to the system's. */
export function nextTheme(theme: Theme, systemIsDark: boolean): Theme {
  const own: Theme = systemIsDark ? "dark" : "light";
  if (theme === "system") return systemIsDark ? "light" : "dark";
  return theme === own ? "system" : own;
}
const themeNames: Readonly<Record<Theme, string>> = { system: "as the system", light: "light", dark: "dark" };

let shownProblem = -1;

/** Goes to the next (or previous) problem and says it. */
function stepProblem(by: 1 | -1): void {
  const { problems } = useDocument.getState().checked;
  if (problems.length === 0) return;
  shownProblem = (shownProblem + by + problems.length) % problems.length;
  const problem = problems[shownProblem];
  if (!problem) return;
  goTo(problem.place.graph, problem.place.node);
  announce(`Problem ${shownProblem + 1} of ${problems.length}: ${problem.message}`);
}

const hasProblems = () => useDocument.getState().checked.problems.length > 0;

const tab = (name: LeftTab, title: string, keys: string): Command => ({
  id: `view.${name}`,
  title: `Show ${title}`,
  group: "View",
  keys,
  run: () => {
    useInterface.getState().showTab(name);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>("[data-left-tab] [role=tabpanel][data-state=active] :is(input, button)")?.focus(),
    );
  },
});

const panel = (side: PanelSide, id: string, name: string, keys: string, icon: LucideIcon): Command => ({
  id: `view.${id}`,
  title: () => `${useInterface.getState().folded[side] ? "Unfold" : "Fold"} ${name}`,
  group: "View",
  keys,
  icon,
  aliases: ["show", "hide"],
  run: () => useInterface.getState().fold(side),
});

export const viewCommands: readonly Command[] = [
  {
    id: "view.palette",
    title: "Search commands",
    group: "View",
    keys: "Mod+K",
    icon: CommandIcon,
    hidden: true,
    run: () => openDialog({ kind: "palette" }),
  },
  { id: "view.find", title: "Find node", group: "View", keys: "Mod+F", icon: TextSearch, run: () => openDialog({ kind: "find" }) },
  {
    id: "view.search-layers",
    title: "Find a layer to add",
    group: "View",
    keys: "/",
    icon: Search,
    run: () => {
      useInterface.getState().showTab("layers");
      const focus = () => document.querySelector<HTMLInputElement>("[data-layer-search]")?.focus();
      focus(); // At once where the tab is open, so that fast fingers type into it and not on the canvas.
      requestAnimationFrame(focus);
    },
  },
  { id: "view.fit", title: "Zoom to fit", group: "View", keys: "Shift+1", icon: Maximize, run: fitAll },
  {
    id: "view.zoom-selection",
    title: "Zoom to selection",
    group: "View",
    keys: "Shift+2",
    icon: Scan,
    enabled: () => useDocument.getState().selection.nodes.length > 0,
    run: () => fitNodes(useDocument.getState().selection.nodes),
  },
  { id: "view.zoom-100", title: "Zoom to 100 %", group: "View", keys: "Mod+0", run: () => zoomTo(1) },
  { id: "view.zoom-in", title: "Zoom in", group: "View", keys: "Mod+= Mod++", icon: ZoomIn, run: () => zoomBy(1.25) },
  { id: "view.zoom-out", title: "Zoom out", group: "View", keys: "Mod+-", icon: ZoomOut, run: () => zoomBy(0.8) },
  {
    id: "view.minimap",
    title: () => (useInterface.getState().minimap ? "Hide minimap" : "Show minimap"),
    group: "View",
    keys: "M",
    scope: "canvas",
    icon: MapIcon,
    run: () => useInterface.getState().setMinimap(!useInterface.getState().minimap),
  },
  panel("left", "left-panel", "left panel", "Mod+B", PanelLeft),
  panel("right", "inspector", "inspector", "Mod+Alt+B", PanelRight),
  panel("bottom", "training", "training desk", "Mod+J", PanelBottom),
  tab("layers", "layers", "Alt+1"),
  tab("blocks", "blocks", "Alt+2"),
  tab("data", "data", "Alt+3"),
  tab("runs", "runs", "Alt+4"),
  {
    id: "view.problems",
    title: () => (useInterface.getState().problemsOpen ? "Close problems" : "Show problems"),
    group: "View",
    keys: "Mod+Shift+M",
    icon: CircleAlert,
    run: () => useInterface.getState().showProblems(!useInterface.getState().problemsOpen),
  },
  {
    id: "view.next-problem",
    title: "Go to next problem",
    group: "View",
    keys: "F8",
    icon: SkipForward,
    enabled: hasProblems,
    run: () => stepProblem(1),
  },
  {
    id: "view.previous-problem",
    title: "Go to previous problem",
    group: "View",
    keys: "Shift+F8",
    icon: SkipBack,
    enabled: hasProblems,
    run: () => stepProblem(-1),
  },
  {
    id: "view.theme",
    title: () => `Switch theme (now ${themeNames[useInterface.getState().theme]})`,
    group: "View",
    keys: "Alt+T",
    icon: SunMoon,
    aliases: ["dark", "light", "colours"],
    run: () => {
      const { theme, setTheme } = useInterface.getState();
      const next = nextTheme(theme, matchMedia("(prefers-color-scheme: dark)").matches);
      setTheme(next);
      notify({ tone: "info", text: `Theme: ${themeNames[next]}.` });
    },
  },
  { id: "view.shortcuts", title: "Keyboard shortcuts", group: "View", keys: "? F1", icon: Keyboard, run: () => openDialog({ kind: "shortcuts" }) },
];
