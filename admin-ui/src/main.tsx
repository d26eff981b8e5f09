import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { startI18n, storedLanguage } from "./shared/i18n/i18n.ts";
import { giveStylesTheNonce } from "./shared/theme/style-nonce.ts";
import { applyStoredTheme } from "./shared/theme/theme-context.tsx";
import "./shared/theme/tokens.css";
import "./shared/theme/base.css";
import "./app/shell.css";

giveStylesTheNonce();
applyStoredTheme();
// the site's language is known with the session; until then the browser's is the better guess than a flash of the other
const guess = storedLanguage() ?? (navigator.language.startsWith("en") ? "en" : "zh");
await startI18n(guess);
const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
