import type { ReactNode } from "react";
import { switchLanguage } from "../../shared/i18n/i18n.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { Logo } from "../../shared/ui/icon.tsx";
import "./door.css";

/** The card that stands before the console. */
export function Door(props: { readonly siteName: string; readonly title: string; readonly children: ReactNode }) {
  const { t, language } = useText();
  return (
    <main className="door">
      <div className="door-card">
        <div className="door-brand">
          <Logo size={44} />
          <div>
            <strong>{props.siteName}</strong>
            <p>{t("session.tagline")}</p>
          </div>
        </div>
        <h1>{props.title}</h1>
        {props.children}
      </div>
      <p className="door-language">
        <button
          type="button"
          lang={language === "zh" ? "en" : "zh-CN"}
          onClick={() => void switchLanguage(language === "zh" ? "en" : "zh")}
        >
          {language === "zh" ? "English" : "简体中文"}
        </button>
      </p>
    </main>
  );
}

export function DoorField(props: {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | undefined;
  readonly children: (field: {
    readonly id: string;
    readonly "aria-describedby": string | undefined;
    readonly "aria-invalid": boolean;
  }) => ReactNode;
}) {
  const notes = `${props.id}-notes`;
  const hasNotes = props.help !== undefined || props.problem !== undefined;
  return (
    <div className="door-field">
      <label htmlFor={props.id}>{props.label}</label>
      {props.children({
        id: props.id,
        "aria-describedby": hasNotes ? notes : undefined,
        "aria-invalid": props.problem !== undefined,
      })}
      {hasNotes && (
        <p id={notes} className={props.problem === undefined ? "muted" : "door-problem"}>
          {props.problem ?? props.help}
        </p>
      )}
    </div>
  );
}
