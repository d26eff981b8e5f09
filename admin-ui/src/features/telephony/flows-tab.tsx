import { type Flow, type FlowInput, FlowInputSchema } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Form from "antd/es/form";
import Input from "antd/es/input";
import InputNumber from "antd/es/input-number";
import Segmented from "antd/es/segmented";
import Select from "antd/es/select";
import { TextArea } from "../../shared/form/text-area.tsx";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Badge } from "../../shared/ui/parts.tsx";
import { useRecords } from "./api/records.ts";
import { RecordList } from "./record-list.tsx";

const PROMPTS = [
  "greeting",
  "noInputPrompt",
  "noMatchPrompt",
  "handoffPrompt",
  "messagePrompt",
  "goodbyePrompt",
] as const;
const DIGITS = [..."1234567890*#"];

export function FlowsTab() {
  const { t } = useText();
  const queues = useRecords("queues").data ?? [];
  return (
    <RecordList<"flows", FlowInput>
      kind="flows"
      schema={FlowInputSchema}
      nameOf={(row) => row.name}
      width={680}
      blank={() => ({
        name: "",
        language: "zh",
        greeting: "",
        menuPrompt: "",
        menu: [],
        queueId: queues[0]?.id ?? "",
        noInputPrompt: "",
        noMatchPrompt: "",
        handoffPrompt: "",
        messagePrompt: "",
        goodbyePrompt: "",
        noInputMs: 6000,
        maxNoInput: 3,
      })}
      inputOf={({ id: _, ...flow }) => ({ ...flow, menu: flow.menu.map((item) => ({ ...item })) })}
      columns={[
        {
          key: "name",
          title: t("telephony.col.name"),
          width: "18%",
          render: (row) => <strong className="row-name">{row.name}</strong>,
        },
        {
          key: "language",
          title: t("telephony.col.language"),
          width: "70px",
          render: (row) => t(`common.lang.${row.language}`),
        },
        {
          key: "greeting",
          title: t("telephony.col.greeting"),
          render: (row) => <span className="words">{row.greeting}</span>,
        },
        {
          key: "menu",
          title: t("telephony.col.menu"),
          wide: true,
          width: "22%",
          render: (row) => (
            <span className="chips">
              {row.menu.map((item) => (
                <Badge key={item.digit}>
                  {item.digit} {t(`telephony.action.${item.action}`)}
                </Badge>
              ))}
            </span>
          ),
        },
        {
          key: "queue",
          title: t("telephony.col.queue"),
          width: "16%",
          render: (row) => queues.find((each) => each.id === row.queueId)?.name ?? "—",
        },
      ]}
      form={(row) => <FlowFields row={row} />}
    />
  );
}

function FlowFields({ row }: { readonly row: Flow | null }) {
  const { t } = useText();
  const queues = useRecords("queues").data ?? [];
  const flows = useRecords("flows").data ?? [];
  const queueOptions = queues.map((each) => ({ value: each.id, label: each.name }));
  return (
    <>
      <div className="two">
        <Form.Item name="name" label={t("telephony.field.name")}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="language" label={t("telephony.field.language")}>
          <Segmented
            options={[
              { value: "zh", label: t("common.lang.zh") },
              { value: "en", label: t("common.lang.en") },
            ]}
          />
        </Form.Item>
      </div>
      <Form.Item name="queueId" label={t("telephony.field.queue")}>
        <Select options={[{ value: "", label: t("telephony.field.noQueue") }, ...queueOptions]} />
      </Form.Item>
      {PROMPTS.map((name) => (
        <Form.Item key={name} name={name} label={t(`telephony.field.${name}`)}>
          <TextArea lines={1} maxLines={5} maxLength={1000} />
        </Form.Item>
      ))}
      <div className="two">
        <Form.Item
          name="noInputMs"
          label={t("telephony.field.noInputMs")}
          getValueProps={(ms: number) => ({ value: ms / 1000 })}
          normalize={(seconds: number | null) => Math.round((seconds ?? 0) * 1000)}
        >
          <InputNumber min={1} max={60} step={0.5} suffix="s" />
        </Form.Item>
        <Form.Item name="maxNoInput" label={t("telephony.field.maxNoInput")}>
          <InputNumber min={1} max={10} precision={0} />
        </Form.Item>
      </div>
      <Form.Item name="menuPrompt" label={t("telephony.field.menuPrompt")} extra={t("telephony.field.menuPromptHelp")}>
        <TextArea lines={1} maxLines={5} maxLength={1000} />
      </Form.Item>
      <Form.List name="menu">
        {(items, { add, remove }) => (
          <fieldset className="menu-items">
            <legend>{t("telephony.field.menu")}</legend>
            {items.map((item) => (
              <div key={item.key} className="menu-item">
                <Form.Item name={[item.name, "digit"]} label={t("telephony.field.digit")}>
                  <Select options={DIGITS.map((each) => ({ value: each, label: each }))} />
                </Form.Item>
                <Form.Item name={[item.name, "action"]} label={t("telephony.field.action")}>
                  <Select
                    options={(["say", "handoff", "repeat", "language", "hang-up"] as const).map((each) => ({
                      value: each,
                      label: t(`telephony.action.${each}`),
                    }))}
                  />
                </Form.Item>
                <Form.Item noStyle dependencies={[["menu", item.name, "action"]]}>
                  {({ getFieldValue }) => {
                    const action: unknown = getFieldValue(["menu", item.name, "action"]);
                    if (action === "handoff")
                      return (
                        <Form.Item name={[item.name, "queueId"]} label={t("telephony.field.toQueue")}>
                          <Select options={[{ value: "", label: t("telephony.nothing") }, ...queueOptions]} />
                        </Form.Item>
                      );
                    if (action === "language")
                      return (
                        <Form.Item name={[item.name, "flowId"]} label={t("telephony.field.toFlow")}>
                          <Select
                            options={flows
                              .filter((each) => each.id !== row?.id)
                              .map((each) => ({ value: each.id, label: each.name }))}
                          />
                        </Form.Item>
                      );
                    return (
                      <Form.Item name={[item.name, "text"]} label={t("telephony.field.text")}>
                        <Input maxLength={1000} />
                      </Form.Item>
                    );
                  }}
                </Form.Item>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={t("common.delete")}
                  onClick={() => remove(item.name)}
                >
                  <Icon name="trash" />
                </button>
              </div>
            ))}
            {items.length < 12 && (
              <Button
                size="small"
                icon={<Icon name="plus" size={13} />}
                onClick={() =>
                  add({ digit: DIGITS[items.length] ?? "1", action: "say", text: "", queueId: "", flowId: "" })
                }
              >
                {t("telephony.field.addDigit")}
              </Button>
            )}
          </fieldset>
        )}
      </Form.List>
    </>
  );
}
