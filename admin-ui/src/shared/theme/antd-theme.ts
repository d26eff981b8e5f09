import type { ThemeConfig } from "antd/es/config-provider/context";
import { colours, type ThemeName } from "./tokens.ts";

/** Ant Design in our clothes: dense, square-ish, few shadows. The algorithm is passed in by the provider. */
export function antdTheme(name: ThemeName, algorithm: ThemeConfig["algorithm"]): ThemeConfig {
  const set = colours[name];
  return {
    ...(algorithm === undefined ? {} : { algorithm }),
    token: {
      colorPrimary: set.accent,
      colorInfo: set.accent,
      colorSuccess: set.good,
      colorWarning: set.warn,
      colorError: set.bad,
      colorLink: set["accent-text"],
      colorText: set.text,
      colorTextSecondary: set["text-2"],
      colorTextTertiary: set["text-3"],
      colorTextDescription: set["text-3"],
      colorTextPlaceholder: set["text-3"],
      colorBgBase: set.surface,
      colorBgContainer: set.surface,
      colorBgElevated: name === "dark" ? "#1f2733" : set.surface,
      colorBgLayout: set.bg,
      colorBorder: set["line-strong"],
      colorBorderSecondary: set.line,
      borderRadius: 6,
      borderRadiusLG: 8,
      fontSize: 13,
      controlHeight: 30,
      controlHeightSM: 24,
      fontFamily: "var(--font)",
      fontFamilyCode: "var(--mono)",
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.16s",
      wireframe: false,
    },
    components: {
      Button: {
        // white on the dark theme's light blue would be hard to read
        ...(name === "dark"
          ? { colorPrimary: "#2b6cb0", colorPrimaryHover: "#3a7cc2", colorPrimaryActive: "#235a94" }
          : {}),
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        contentFontSizeSM: 12,
      },
      Form: { itemMarginBottom: 16, verticalLabelPadding: "0 0 4px" },
      Slider: { trackBg: set.accent, trackHoverBg: set.accent, handleColor: set.accent },
      Tooltip: { colorBgSpotlight: name === "dark" ? "#2a3340" : "#1b2432" },
    },
  };
}
