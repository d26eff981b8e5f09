import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { colours, parseThemeChoice, resolveTheme } from "./tokens.ts";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const [lightCss = "", darkCss = ""] = css.split(':root[data-theme="dark"]');

test("Ant Design's colours are those of our style sheet", () => {
  for (const [name, value] of Object.entries(colours.light)) expect(lightCss).toContain(`--${name}: ${value};`);
  for (const [name, value] of Object.entries(colours.dark)) expect(darkCss).toContain(`--${name}: ${value};`);
});

/** Relative luminance and contrast ratio, WCAG 2.2. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (light + 0.05) / (dark + 0.05);
}

test("each text colour is readable on each ground it stands on", () => {
  for (const theme of ["light", "dark"] as const) {
    const set = colours[theme];
    for (const text of ["text", "text-2", "text-3", "accent-text", "good", "warn", "bad"] as const)
      for (const ground of ["bg", "surface", "surface-2", "hover"] as const)
        expect(contrast(set[text], set[ground]), `${theme} ${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
});

test("an unknown stored choice follows the system", () => {
  expect(parseThemeChoice("purple")).toBe("system");
  expect(parseThemeChoice(null)).toBe("system");
  expect(resolveTheme("system", true)).toBe("dark");
  expect(resolveTheme("light", true)).toBe("light");
});
