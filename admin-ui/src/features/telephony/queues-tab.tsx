import { type QueueInput, QueueInputSchema } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Form from "antd/es/form";
import Input from "antd/es/input";
import InputNumber from "antd/es/input-number";
import Select from "antd/es/select";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Address, Status } from "../../shared/ui/parts.tsx";
import { useRecords } from "./api/records.ts";
import { RecordList } from "./record-list.tsx";

export function QueuesTab() {
  const { t } = useText();
  const phones = useRecords("phones").data ?? [];
  const trunks = useRecords("trunks").data ?? [];
  return (
    <RecordList<"queues", QueueInput>
      kind="queues"
      schema={QueueInputSchema}
      nameOf={(row) => row.name}
      width={600}
      blank={() => ({ name: "", phoneIds: [], outside: [], ringSeconds: 25 })}
      inputOf={({ id: _, ...input }) => structuredClone(input)}
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
              {row.outside.map((each) => (
                <span key={`${each.trunkId} ${each.number}`} className="outside">
                  <Icon name="out" size={13} />
                  {each.name} <Address value={each.number} />
                </span>
              ))}
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
          <Form.List name="outside">
            {(items, { add, remove }) => (
              <fieldset className="rows-field">
                <legend>{t("telephony.field.outside")}</legend>
                {items.map(({ key, name }) => (
                  <div key={key} className="three-row">
                    <Form.Item name={[name, "trunkId"]} label={t("telephony.field.outsideTrunk")}>
                      <Select options={trunks.map((each) => ({ value: each.id, label: each.name }))} />
                    </Form.Item>
                    <Form.Item name={[name, "number"]} label={t("telephony.field.outsideNumber")}>
                      <Input maxLength={40} className="num" />
                    </Form.Item>
                    <Form.Item name={[name, "name"]} label={t("telephony.field.outsideName")}>
                      <Input maxLength={80} />
                    </Form.Item>
                    <button
                      type="button"
                      className="icon-button"
                      aria-label={`${t("telephony.field.removeOutside")} ${name + 1}`}
                      onClick={() => remove(name)}
                    >
                      <Icon name="trash" />
                    </button>
                  </div>
                ))}
                <p className="field-help">{t("telephony.field.outsideHelp")}</p>
                {items.length < 50 && trunks.length > 0 && (
                  <Button
                    size="small"
                    icon={<Icon name="plus" size={13} />}
                    onClick={() => add({ trunkId: trunks[0]?.id ?? "", number: "", name: "" })}
                  >
                    {t("telephony.field.addOutside")}
                  </Button>
                )}
              </fieldset>
            )}
          </Form.List>
          <Form.Item name="ringSeconds" label={t("telephony.field.ringSeconds")}>
            <InputNumber min={5} max={300} precision={0} />
          </Form.Item>
        </>
      )}
    />
  );
}
