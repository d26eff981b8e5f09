import { useText } from "../i18n/use-text.ts";

/** ITU-T G.107, annex B: 4.0 and above satisfies nearly all, below 3.1 nearly nobody. */
export type MosGrade = "good" | "fair" | "bad";
export const mosGrade = (mos: number): MosGrade => (mos >= 4 ? "good" : mos >= 3.1 ? "fair" : "bad");

/** A figure and, for those who do not see its colour, a word. */
export function Mos({ value }: { readonly value: number | undefined }) {
  const { t } = useText();
  if (value === undefined) return <span className="muted">—</span>;
  const grade = mosGrade(value);
  return (
    <span className={`num mos-${grade}`} title={t(`calls.mos.${grade}`)}>
      {value.toFixed(1)}
      <span className="sr"> {t(`calls.mos.${grade}`)}</span>
    </span>
  );
}
