import { type QueueInput, QueueInputSchema } from "@intramuros/contracts/browser";
import Form from "antd/es/form";
import Input from "antd/es/input";
import InputNumber from "antd/es/input-number";
import Select from "antd/es/select";
import { useText } from "../../shared/i18n/use-text.ts";
import { Status } from "../../shared/ui/parts.tsx";
import { useRecords } from "./api/records.ts";
import { RecordList } from "./record-list.tsx";

export function QueuesTab() {
  const { t } = useText();
  const phones = useRecords("phones").data ?? [];
  return (
    <RecordList<"queues", QueueInput>
      kind="queues"
      schema={QueueInputSchema}
      nameOf={(row) => row.name}
      blank={() => ({ name: "", phoneIds: [], outside: [], ringSeconds: 25 })}
      inputOf={({ id: _, ...input }) => input}
      columns={[
        {
          key: "name",
          title: t("telephony.col.name"),
          render: (row) => <strong className="row-name">{row.name}</strong>,
        },
        {
          key: "phones",
          title: t("telephony.col.phones"),
          render: (row) => (
            <span className="chips roomy">
              {row.phoneIds.map((id) => {
                const phone = phones.find((each) => each.id === id);
                return (
                  <Status key={id} tone={phone?.registered ? "good" : "quiet"}>
                    {phone?.name ?? id}
                  </Status>
                );
              })}
            </span>
          ),
        },
        {
          key: "ring",
          title: t("telephony.col.ring"),
          align: "end",
          render: (row) => <span className="num">{t("telephony.seconds", { n: row.ringSeconds })}</span>,
        },
      ]}
      form={() => (
        <>
          <Form.Item name="name" label={t("telephony.field.name")}>
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item name="phoneIds" label={t("telephony.field.phones")}>
            <Select
              mode="multiple"
              optionFilterProp="label"
              options={phones.map((each) => ({ value: each.id, label: `${each.name} (${each.username})` }))}
            />
          </Form.Item>
          <Form.Item name="ringSeconds" label={t("telephony.field.ringSeconds")}>
            <InputNumber min={5} max={300} precision={0} />
          </Form.Item>
        </>
      )}
    />
  );
}
