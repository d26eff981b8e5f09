import type { EmotionScore } from "@intramuros/contracts/browser";
import type { ReactNode } from "react";
import { useRole } from "../api/session.ts";
import { groupPhone, phoneFor } from "../format/phone.ts";
import { ago, clockTime, fullTime, sameDay, shortTime, stopwatch } from "../format/time.ts";
import { useText } from "../i18n/use-text.ts";
import { Icon, type IconName } from "./icon.tsx";
import { useNow } from "./now.ts";

/** Small things that every page is made of. */

/** `moment`: to the second, and the day only where it is not today. */
export function Time(props: { readonly at: number; readonly as?: "short" | "clock" | "moment" | "ago" | "full" }) {
  const { at, as = "short" } = props;
  const { language } = useText();
  const now = useNow();
  const text =
    as === "clock" || (as === "moment" && sameDay(at, now))
      ? clockTime(at, language)
      : as === "ago"
        ? ago(at, now, language)
        : as === "full"
          ? fullTime(at, language)
          : shortTime(at, now, language);
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at, language)} className="num">
      {text}
    </time>
  );
}

/** Runs while the thing goes on, stands when it has ended. */
export function Stopwatch({ from, to }: { readonly from: number; readonly to?: number | undefined }) {
  const now = useNow();
  return <span className="num">{stopwatch((to ?? now) - from)}</span>;
}

export function Address({ value }: { readonly value: string }) {
  const role = useRole();
  const shown = phoneFor(role, value);
  return (
    <span className="num" title={shown === groupPhone(value) ? undefined : shown}>
      {shown}
    </span>
  );
}

export type Tone = "good" | "warn" | "bad" | "info" | "quiet";

export function Badge({ tone = "quiet", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

/** State as a shape and a word: a colour alone says nothing to many people. */
export function Status({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={`status status-${tone}`}>
      <span className="status-dot" aria-hidden="true" />
      {children}
    </span>
  );
}

export function moodClass(mood: EmotionScore | undefined): string {
  if (mood === undefined || mood.abstained) return "mood-none";
  return `mood-${mood.label}`;
}

export function Mood({ mood }: { readonly mood: EmotionScore | undefined }) {
  const { t } = useText();
  if (mood === undefined) return <span className="mood mood-none">—</span>;
  return (
    <span className={`mood ${moodClass(mood)}`}>
      <span className="mood-line" aria-hidden="true" />
      {mood.abstained ? t("conversation.mood.unsure") : t(`conversation.mood.${mood.label}`)}
    </span>
  );
}

export function Panel(props: {
  readonly title?: ReactNode;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
  readonly flush?: boolean;
  readonly className?: string;
  readonly id?: string;
}) {
  return (
    <section className={`panel ${props.className ?? ""}`} {...(props.id === undefined ? {} : { id: props.id })}>
      {props.title !== undefined && (
        <header className="panel-head">
          <h2>{props.title}</h2>
          {props.extra !== undefined && <div className="panel-extra">{props.extra}</div>}
        </header>
      )}
      <div className={props.flush ? "panel-flush" : "panel-body"}>{props.children}</div>
    </section>
  );
}

export function PageHead(props: {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <header className="page-head">
      <div>
        <h1>{props.title}</h1>
        {props.lead !== undefined && <p className="page-lead">{props.lead}</p>}
      </div>
      {props.actions !== undefined && <div className="page-actions">{props.actions}</div>}
    </header>
  );
}

/** What this is, and the one next step. */
export function Empty(props: {
  readonly icon: IconName;
  readonly title: ReactNode;
  readonly hint?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="empty">
      <Icon name={props.icon} size={26} />
      <p className="empty-title">{props.title}</p>
      {props.hint !== undefined && <p className="empty-hint">{props.hint}</p>}
      {props.action}
    </div>
  );
}

export function Loading() {
  const { t } = useText();
  return (
    <div className="loading" role="status">
      <span className="loading-bar" aria-hidden="true" />
      <span className="sr">{t("common.loading")}</span>
    </div>
  );
}

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}
export const fact = (name: string, value: ReactNode): Fact => ({ name, value });

export function Facts({ items }: { readonly items: readonly (Fact | null)[] }) {
  return (
    <dl className="facts">
      {items
        .filter((item) => item !== null)
        .map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Key({ children }: { readonly children: ReactNode }) {
  return <kbd>{children}</kbd>;
}
