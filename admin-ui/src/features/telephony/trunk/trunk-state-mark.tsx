import type { TrunkStatus } from "@intramuros/contracts/browser";
import { problemWords } from "../../../shared/call/problem-words.ts";
import { useText } from "../../../shared/i18n/use-text.ts";
import { Status, type Tone } from "../../../shared/ui/parts.tsx";

const TONES: Readonly<Record<TrunkStatus["state"], Tone>> = {
  up: "good",
  degraded: "warn",
  down: "bad",
  disabled: "quiet",
  unknown: "quiet",
};

/** The state of a trunk in one word, and why it is not up. */
export function TrunkStateMark(props: { readonly status: TrunkStatus | undefined; readonly enabled: boolean }) {
  const { t, language } = useText();
  const state = props.enabled ? (props.status?.state ?? "unknown") : "disabled";
  const problem = props.status?.problem ?? "";
  return (
    <span className="trunk-mark">
      <Status tone={TONES[state]}>{t(`trunk.state.${state}`)}</Status>
      {problem !== "" && state !== "up" && <span className="subtle">{problemWords(problem, language)}</span>}
    </span>
  );
}
