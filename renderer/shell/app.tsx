import { Dialogs } from "../dialogs.tsx";
import { Announcer, Toasts, TooltipProvider } from "../ui/index.ts";
import "./shell.css";
import { StatusBar } from "./status-bar.tsx";
import { TopBar } from "./top-bar.tsx";
import { Workspace } from "./workspace.tsx";

/** The window: top bar, five regions, status bar; dialogs and messages above them. */
export function App() {
  return (
    <TooltipProvider>
      <div className="app">
        <TopBar />
        <Workspace />
        <StatusBar />
        <Dialogs />
        <Toasts />
        <Announcer />
      </div>
    </TooltipProvider>
  );
}
