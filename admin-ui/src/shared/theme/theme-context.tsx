import ConfigProvider from "antd/es/config-provider";
import enUS from "antd/es/locale/en_US";
import zhCN from "antd/es/locale/zh_CN";
import darkAlgorithm from "antd/es/theme/themes/dark";
import defaultAlgorithm from "antd/es/theme/themes/default";
import { createContext, type ReactNode, use, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useText } from "../i18n/use-text.ts";
import { antdTheme } from "./antd-theme.ts";
import { parseThemeChoice, resolveTheme, type ThemeChoice, type ThemeName } from "./tokens.ts";

const STORED = "intramuros.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
function subscribe(listener: () => void): () => void {
  dark.addEventListener("change", listener);
  return () => dark.removeEventListener("change", listener);
}

interface Theme {
  readonly choice: ThemeChoice;
  readonly name: ThemeName;
  readonly choose: (choice: ThemeChoice) => void;
}
const ThemeContext = createContext<Theme>({ choice: "system", name: "light", choose: () => {} });
export const useTheme = (): Theme => use(ThemeContext);

/** Before the first paint, so that a dark room stays dark. */
export function applyStoredTheme(): void {
  const choice = parseThemeChoice(localStorage.getItem(STORED));
  document.documentElement.dataset.theme = resolveTheme(choice, dark.matches);
}

/** The server writes a fresh nonce into the page; Ant Design's own styles carry it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const [choice, setChoice] = useState(() => parseThemeChoice(localStorage.getItem(STORED)));
  const systemIsDark = useSyncExternalStore(subscribe, () => dark.matches);
  const { language } = useText();
  const name = resolveTheme(choice, systemIsDark);
  useEffect(() => {
    document.documentElement.dataset.theme = name;
  }, [name]);
  const value = useMemo<Theme>(
    () => ({
      choice,
      name,
      choose: (next) => {
        localStorage.setItem(STORED, next);
        setChoice(next);
      },
    }),
    [choice, name],
  );
  const theme = useMemo(() => {
    const made = antdTheme(name, name === "dark" ? darkAlgorithm : defaultAlgorithm);
    return still.matches ? { ...made, token: { ...made.token, motion: false } } : made;
  }, [name]);
  return (
    <ThemeContext value={value}>
      <ConfigProvider
        theme={theme}
        locale={language === "zh" ? zhCN : enUS}
        csp={{ nonce }}
        button={{ autoInsertSpace: false }}
        form={{ requiredMark: false }}
      >
        {children}
      </ConfigProvider>
    </ThemeContext>
  );
}
