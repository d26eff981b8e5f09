import { type NumberInput, NumberInputSchema } from "@intramuros/contracts/browser";
import Form from "antd/es/form";
import Input from "antd/es/input";
import Select from "antd/es/select";
import { groupPhone } from "../../shared/format/phone.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { useRecords } from "./api/records.ts";
import { RecordList } from "./record-list.tsx";

export function NumbersTab() {
  const { t } = useText();
  const trunks = useRecords("trunks").data ?? [];
  const flows = useRecords("flows").data ?? [];
  const calendars = useRecords("calendars").data ?? [];
  const flowName = (id: string) => flows.find((each) => each.id === id)?.name ?? id;
  return (
    <RecordList<"numbers", NumberInput>
      kind="numbers"
      schema={NumberInputSchema}
      nameOf={(row) => row.pattern}
      blank={() => ({
        pattern: "",
        trunkId: "",
        flowId: flows[0]?.id ?? "",
        calendarId: "",
        closedFlowId: "",
        note: "",
      })}
      inputOf={({ id: _, ...input }) => input}
      columns={[
        {
          key: "pattern",
          title: t("telephony.col.pattern"),
          render: (row) => (
            <strong className="row-name num">
              {row.pattern === "*" ? `* ${t("telephony.anyNumber")}` : groupPhone(row.pattern)}
            </strong>
          ),
        },
        {
          key: "trunk",
          title: t("telephony.col.trunk"),
          render: (row) =>
            row.trunkId === ""
              ? t("telephony.field.anyTrunk")
              : (trunks.find((each) => each.id === row.trunkId)?.name ?? row.trunkId),
        },
        {
          key: "flow",
          title: t("telephony.col.flow"),
          render: (row) => flowName(row.flowId),
        },
        {
          key: "calendar",
          title: t("telephony.col.calendar"),
          wide: true,
          render: (row) =>
            row.calendarId === "" ? (
              <span className="muted">{t("calendars.alwaysOpen")}</span>
            ) : (
              <span className="two-lines">
                <span>{calendars.find((each) => each.id === row.calendarId)?.name ?? row.calendarId}</span>
                <span className="subtle">{t("telephony.closedThen", { flow: flowName(row.closedFlowId) })}</span>
              </span>
            ),
        },
        {
          key: "note",
          title: t("telephony.col.note"),
          wide: true,
          render: (row) => <span className="muted">{row.note}</span>,
        },
      ]}
      form={() => (
        <>
          <Form.Item name="pattern" label={t("telephony.field.pattern")} extra={t("telephony.field.patternHelp")}>
            <Input maxLength={40} className="num" />
          </Form.Item>
          <Form.Item name="flowId" label={t("telephony.field.flow")}>
            <Select options={flows.map((each) => ({ value: each.id, label: each.name }))} />
          </Form.Item>
          <Form.Item name="trunkId" label={t("telephony.field.trunk")}>
            <Select
              options={[
                { value: "", label: t("telephony.field.anyTrunk") },
                ...trunks.map((each) => ({ value: each.id, label: each.name })),
              ]}
            />
          </Form.Item>
          <Form.Item
            name="calendarId"
            label={t("telephony.field.calendar")}
            extra={calendars.length === 0 ? t("telephony.field.calendarHelp") : undefined}
          >
            <Select
              options={[
                { value: "", label: t("calendars.alwaysOpen") },
                ...calendars.map((each) => ({ value: each.id, label: each.name })),
              ]}
            />
          </Form.Item>
          <Form.Item noStyle dependencies={["calendarId"]}>
            {({ getFieldValue }) =>
              getFieldValue("calendarId") !== "" && (
                <Form.Item name="closedFlowId" label={t("telephony.field.closedFlow")}>
                  <Select options={flows.map((each) => ({ value: each.id, label: each.name }))} />
                </Form.Item>
              )
            }
          </Form.Item>
          <Form.Item name="note" label={t("telephony.field.note")}>
            <Input maxLength={200} />
          </Form.Item>
        </>
      )}
    />
  );
}
