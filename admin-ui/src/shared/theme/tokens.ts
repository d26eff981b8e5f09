/** Colours that Ant Design and the charts need as values; tokens.css holds the same for our own styles. */
export type ThemeName = "light" | "dark";

export const colours = {
  light: {
    bg: "#f4f5f7",
    surface: "#ffffff",
    "surface-2": "#f8f9fb",
    hover: "#eff2f6",
    line: "#e1e5ea",
    "line-strong": "#c5ccd6",
    text: "#17202e",
    "text-2": "#465264",
    "text-3": "#5f6b7c",
    accent: "#1d5fa6",
    "accent-text": "#1a568f",
    "accent-soft": "#e4eef9",
    good: "#17754a",
    warn: "#8a5a00",
    bad: "#b92c2c",
    "mood-angry": "#c8322b",
    "mood-anxious": "#c07a00",
  },
  dark: {
    bg: "#0e1217",
    surface: "#151a21",
    "surface-2": "#1a2029",
    hover: "#1e2631",
    line: "#252d38",
    "line-strong": "#3b4655",
    text: "#e6ebf2",
    "text-2": "#b0bac8",
    "text-3": "#919dae",
    accent: "#4d9ae6",
    "accent-text": "#7ab8f5",
    "accent-soft": "#16304b",
    good: "#4cc38a",
    warn: "#e2ab45",
    bad: "#ff8078",
    "mood-angry": "#f2655c",
    "mood-anxious": "#e2a33a",
  },
} as const satisfies Record<ThemeName, Record<string, string>>;

/** What the user chose; `system` follows the desktop. */
export type ThemeChoice = ThemeName | "system";
export const THEME_CHOICES: readonly ThemeChoice[] = ["system", "light", "dark"];

export function resolveTheme(choice: ThemeChoice, systemIsDark: boolean): ThemeName {
  if (choice === "system") return systemIsDark ? "dark" : "light";
  return choice;
}

export function parseThemeChoice(raw: string | null): ThemeChoice {
  return THEME_CHOICES.find((choice) => choice === raw) ?? "system";
}
