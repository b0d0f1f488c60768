import "@fontsource-variable/inter/index.css";
import "./theme/tokens.css";
import "./theme/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { getReady } from "./ahead.ts";
import { startCommands } from "./commands/index.ts";
import { startDesk } from "./desk.ts";
import { connectHost } from "./host/connect.ts";
import { App } from "./shell/app.tsx";
import { rememberInterface } from "./stores/settings.ts";
import { applyTheme } from "./theme/theme.ts";

/** The page: put together once, here. */

applyTheme();
startCommands();
startDesk();
connectHost()
  .then(rememberInterface)
  .catch(() => {
    // Without a host the window's look is not remembered; the desk says what else does not work.
  });

const root = document.getElementById("app");
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );

getReady();
