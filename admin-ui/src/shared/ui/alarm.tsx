import type { Alarm } from "@intramuros/contracts/browser";
import { problemWords } from "../call/problem-words.ts";
import { useText } from "../i18n/use-text.ts";
import { Icon } from "./icon.tsx";
import { Time } from "./parts.tsx";

/** What is wrong and what to do, in the reader's language; an alarm we have no words for shows its code and values. */
export function AlarmLine({ alarm }: { readonly alarm: Alarm }) {
  const { t, language } = useText();
  const values = Object.entries(alarm.values)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  const what = t(`alarms.${alarm.code}.what`, {
    ...alarm.values,
    problem: problemWords(alarm.values.problem ?? "", language),
    defaultValue: values === "" ? alarm.code : `${alarm.code}: ${values}`,
  });
  const then = t(`alarms.${alarm.code}.do`, { ...alarm.values, defaultValue: alarm.values.hint ?? "" });
  return (
    <li className={`alarm alarm-${alarm.severity}`}>
      <Icon name={alarm.severity === "info" ? "info" : "alert"} size={18} />
      <div>
        <p className="alarm-what">
          <span className="sr">{t(`alarms.severity.${alarm.severity}`)}: </span>
          {what}
        </p>
        {then !== "" && <p className="alarm-do">{then}</p>}
      </div>
      <span className="alarm-since">
        <Time at={alarm.since} as="ago" />
      </span>
    </li>
  );
}
