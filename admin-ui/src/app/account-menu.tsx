import type { SessionReply } from "@intramuros/contracts/browser";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { send } from "../shared/api/request.ts";
import { SESSION_KEY } from "../shared/api/session.ts";
import { switchLanguage } from "../shared/i18n/i18n.ts";
import { useText } from "../shared/i18n/use-text.ts";
import { useTheme } from "../shared/theme/theme-context.tsx";
import { THEME_CHOICES } from "../shared/theme/tokens.ts";
import { Icon } from "../shared/ui/icon.tsx";
import { Key } from "../shared/ui/parts.tsx";

/** Who I am, how it looks, which language, and the way out. */
export function AccountMenu(props: { readonly user: NonNullable<SessionReply["user"]>; readonly onKeys: () => void }) {
  const { t, language } = useText();
  const theme = useTheme();
  const cache = useQueryClient();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!(event.target instanceof Node) || !box.current?.contains(event.target)) setOpen(false);
    };
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape") setOpen(false);
    };
    window.addEventListener("pointerdown", away);
    window.addEventListener("keydown", close);
    return () => {
      window.removeEventListener("pointerdown", away);
      window.removeEventListener("keydown", close);
    };
  }, [open]);
  const signOut = async () => {
    await send("/api/session", { method: "DELETE" });
    cache.clear();
    await cache.invalidateQueries({ queryKey: SESSION_KEY });
    location.assign("/");
  };
  return (
    <div className="account" ref={box}>
      <button type="button" className="account-button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="sr">{t("shell.account")}</span>
        <span className="avatar" aria-hidden="true">
          {[...props.user.displayName][0] ?? "?"}
        </span>
        <span className="account-name">
          <span className="clip">{props.user.displayName}</span>
          <span className="muted clip">{t(`shell.role.${props.user.role}`)}</span>
        </span>
      </button>
      {open && (
        <div className="account-menu">
          <fieldset className="choice">
            <legend>{t("shell.theme.label")}</legend>
            {THEME_CHOICES.map((choice) => (
              <button
                key={choice}
                type="button"
                aria-pressed={theme.choice === choice}
                onClick={() => theme.choose(choice)}
              >
                <Icon name={choice === "light" ? "sun" : choice === "dark" ? "moon" : "screen"} />
                {t(`shell.theme.${choice}`)}
              </button>
            ))}
          </fieldset>
          <fieldset className="choice">
            <legend>{t("shell.language")}</legend>
            {(["zh", "en"] as const).map((each) => (
              <button
                key={each}
                type="button"
                lang={each}
                aria-pressed={language === each}
                onClick={() => void switchLanguage(each)}
              >
                {each === "zh" ? "简体中文" : "English"}
              </button>
            ))}
          </fieldset>
          <button
            type="button"
            className="menu-line"
            onClick={() => {
              setOpen(false);
              props.onKeys();
            }}
          >
            <Icon name="keyboard" />
            <span>{t("shell.keys.title")}</span>
            <Key>?</Key>
          </button>
          <button type="button" className="menu-line" onClick={() => void signOut()}>
            <Icon name="logout" />
            <span>{t("shell.signOut")}</span>
          </button>
        </div>
      )}
    </div>
  );
}
