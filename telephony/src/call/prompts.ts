import { isLanguage, type Language } from "@intramuros/contracts";
import type { SetupMessage } from "../trunk/set-up.ts";

/** One fixed prompt as it will be asked for. */
export interface PromptWish {
  readonly text: string;
  readonly language: Language;
  readonly rate: number;
  readonly sampleRateHz: 8000 | 16000;
}

/** Said when a call goes on after telephony was away for a moment; no flow has a text for it. */
export const INTERRUPTED: Readonly<Record<Language, string>> = {
  zh: "抱歉，刚才线路中断了一下，现在已经恢复。请您再说一遍。",
  en: "I am sorry, the line was interrupted for a moment. It is back now. Please go on.",
};

/** Every fixed prompt of a set-up at every sampling rate that its trunks can bring; the greetings first. */
export function promptsOf(setup: SetupMessage): readonly PromptWish[] {
  const wide = setup.trunks.some((trunk) => trunk.enabled && trunk.codecs.includes("G722"));
  const rates: readonly PromptWish["sampleRateHz"][] = wide ? [8000, 16000] : [8000];
  const wishes: PromptWish[] = [];
  const texts = [
    (flow: SetupMessage["flows"][number]) => [flow.greeting],
    (flow: SetupMessage["flows"][number]) => [
      flow.menuPrompt,
      flow.noInputPrompt,
      flow.handoffPrompt,
      flow.messagePrompt,
      flow.goodbyePrompt,
      flow.noMatchPrompt,
      INTERRUPTED[isLanguage(flow.language) ? flow.language : "zh"],
      ...flow.menu.filter((item) => item.action === "say").map((item) => item.text),
    ],
  ];
  for (const sampleRateHz of rates) {
    for (const of of texts) {
      for (const flow of setup.flows) {
        const language: Language = isLanguage(flow.language) ? flow.language : "zh";
        for (const text of of(flow)) if (text.trim() !== "") wishes.push({ text, language, rate: 1, sampleRateHz });
      }
    }
  }
  return wishes;
}
