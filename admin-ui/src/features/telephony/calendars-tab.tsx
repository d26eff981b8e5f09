import { type CalendarInput, CalendarInputSchema } from "@intramuros/contracts/browser";
import AutoComplete from "antd/es/auto-complete";
import Button from "antd/es/button";
import Form from "antd/es/form";
import Input from "antd/es/input";
import Select from "antd/es/select";
import type { ReactNode } from "react";
import { useText, type Words } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { weekLines } from "./calendar-week.ts";
import { RecordList } from "./record-list.tsx";

/** Zones that those who install this need; any other IANA name may be typed. */
const ZONES = [
  "Asia/Shanghai",
  "Asia/Hong_Kong",
  "Asia/Taipei",
  "Asia/Singapore",
  "Asia/Urumqi",
  "Europe/London",
  "UTC",
];
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

const blank = (): CalendarInput => ({
  name: "",
  timeZone: "Asia/Shanghai",
  hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "09:00", to: "17:30" })),
  holidays: [],
  workdays: [],
});

/** Opening hours, with holidays and make-up working days; numbers refer to them. */
export function CalendarsTab() {
  const { t } = useText();
  return (
    <RecordList<"calendars", CalendarInput>
      kind="calendars"
      schema={CalendarInputSchema}
      nameOf={(row) => row.name}
      width={640}
      blank={blank}
      inputOf={({ id: _, ...input }) => structuredClone(input)}
      columns={[
        {
          key: "name",
          title: t("telephony.col.name"),
          width: "20%",
          render: (row) => <strong className="row-name">{row.name}</strong>,
        },
        {
          key: "hours",
          title: t("calendars.hours"),
          render: (row) => {
            const lines = weekLines(row.hours, (day) => t(`calendars.day.${day}`));
            return lines.length === 0 ? (
              <span className="warn-words">{t("calendars.closedAlways")}</span>
            ) : (
              <span className="two-lines">
                {lines.map((line) => (
                  <span key={line.days} className="num">
                    {t("calendars.weekSummary", line)}
                  </span>
                ))}
              </span>
            );
          },
        },
        {
          key: "days",
          title: t("calendars.holidays"),
          wide: true,
          render: (row) => (
            <span className="muted">
              {t("calendars.holidayCount", { count: row.holidays.length })} ·{" "}
              {t("calendars.workdayCount", { count: row.workdays.length })}
            </span>
          ),
        },
        { key: "zone", title: t("calendars.zone"), wide: true, render: (row) => <code>{row.timeZone}</code> },
      ]}
      form={() => <CalendarFields />}
    />
  );
}

function CalendarFields() {
  const { t } = useText();
  return (
    <>
      <div className="two">
        <Form.Item name="name" label={t("telephony.field.name")}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="timeZone" label={t("calendars.zone")}>
          <AutoComplete options={ZONES.map((value) => ({ value }))} maxLength={64} />
        </Form.Item>
      </div>
      <Rows
        name="hours"
        legend={t("calendars.hours")}
        help={t("calendars.help")}
        add={t("calendars.addHours")}
        remove={t("calendars.removeHours")}
        fresh={{ weekday: 1, from: "09:00", to: "17:30" }}
        max={50}
      >
        {(name) => (
          <>
            <Form.Item name={[name, "weekday"]} label={t("calendars.weekday")}>
              <Select options={dayOptions(t)} />
            </Form.Item>
            <Form.Item name={[name, "from"]} label={t("calendars.from")}>
              <Input maxLength={5} className="num" placeholder="09:00" />
            </Form.Item>
            <Form.Item name={[name, "to"]} label={t("calendars.to")}>
              <Input maxLength={5} className="num" placeholder="17:30" />
            </Form.Item>
          </>
        )}
      </Rows>
      <Rows
        name="holidays"
        legend={t("calendars.holidays")}
        add={t("calendars.addHoliday")}
        remove={t("calendars.removeHoliday")}
        fresh={{ from: "", to: "", name: "" }}
        max={200}
      >
        {(name) => (
          <>
            <Form.Item name={[name, "from"]} label={t("calendars.firstDay")}>
              <Input type="date" className="num" />
            </Form.Item>
            <Form.Item name={[name, "to"]} label={t("calendars.lastDay")}>
              <Input type="date" className="num" />
            </Form.Item>
            <Form.Item name={[name, "name"]} label={t("calendars.holidayName")}>
              <Input maxLength={80} />
            </Form.Item>
          </>
        )}
      </Rows>
      <Rows
        name="workdays"
        legend={t("calendars.workdays")}
        add={t("calendars.addWorkday")}
        remove={t("calendars.removeWorkday")}
        fresh={{ day: "", likeWeekday: 1 }}
        max={100}
      >
        {(name) => (
          <>
            <Form.Item name={[name, "day"]} label={t("calendars.date")}>
              <Input type="date" className="num" />
            </Form.Item>
            <Form.Item name={[name, "likeWeekday"]} label={t("calendars.like")}>
              <Select options={dayOptions(t)} />
            </Form.Item>
          </>
        )}
      </Rows>
    </>
  );
}

const dayOptions = (t: Words) => WEEKDAYS.map((value) => ({ value, label: t(`calendars.day.${value}`) }));

function Rows(props: {
  readonly name: string;
  readonly legend: string;
  readonly help?: string;
  readonly add: string;
  readonly remove: string;
  readonly fresh: object;
  readonly max: number;
  readonly children: (name: number) => ReactNode;
}) {
  return (
    <fieldset className="rows-field">
      <legend>{props.legend}</legend>
      <Form.List name={props.name}>
        {(items, { add, remove }) => (
          <>
            {items.map(({ key, name }) => (
              <div key={key} className="three-row">
                {props.children(name)}
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`${props.remove} ${name + 1}`}
                  onClick={() => remove(name)}
                >
                  <Icon name="trash" />
                </button>
              </div>
            ))}
            {props.help !== undefined && <p className="field-help">{props.help}</p>}
            {items.length < props.max && (
              <Button size="small" icon={<Icon name="plus" size={13} />} onClick={() => add(props.fresh)}>
                {props.add}
              </Button>
            )}
          </>
        )}
      </Form.List>
    </fieldset>
  );
}
