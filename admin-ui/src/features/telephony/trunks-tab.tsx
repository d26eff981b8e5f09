import { CODECS, type Trunk, type TrunkInput, TrunkInputSchema, trunkInput } from "@intramuros/contracts/browser";
import Form from "antd/es/form";
import Input from "antd/es/input";
import InputNumber from "antd/es/input-number";
import Select from "antd/es/select";
import Switch from "antd/es/switch";
import { integer } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { Badge, Status, Time } from "../../shared/ui/parts.tsx";
import { RecordList } from "./record-list.tsx";

export function TrunksTab() {
  const { t, language } = useText();
  return (
    <RecordList<"trunks", TrunkInput>
      kind="trunks"
      schema={TrunkInputSchema}
      nameOf={(row) => row.name}
      blank={() => ({ ...trunkInput({ name: "-" }), name: "" })}
      inputOf={inputOf}
      columns={[
        {
          key: "name",
          title: t("telephony.col.name"),
          render: (row) => <strong className="row-name">{row.name}</strong>,
        },
        {
          key: "addresses",
          title: t("telephony.col.addresses"),
          render: (row) => (
            <span className="chips">
              {row.addresses.map((each) => (
                <code key={each}>{each}</code>
              ))}
              {row.username !== "" && <span className="muted">{row.username}</span>}
            </span>
          ),
        },
        {
          key: "codecs",
          title: t("telephony.col.codecs"),
          wide: true,
          render: (row) => (
            <span className="chips">
              {row.codecs.map((each) => (
                <Badge key={each}>{each}</Badge>
              ))}
            </span>
          ),
        },
        {
          key: "calls",
          title: t("telephony.col.calls"),
          align: "end",
          render: (row) => (
            <span className="num">
              {row.callsNow} / {integer(row.callsTotal, language)}
            </span>
          ),
        },
        {
          key: "last",
          title: t("telephony.col.last"),
          wide: true,
          render: (row) => (row.lastCallAt === undefined ? "—" : <Time at={row.lastCallAt} as="ago" />),
        },
        {
          key: "state",
          title: t("telephony.col.state"),
          render: (row) => (
            <Status tone={row.enabled ? "good" : "quiet"}>
              {t(row.enabled ? "telephony.enabled" : "telephony.disabled")}
            </Status>
          ),
        },
      ]}
      form={(row) => <TrunkFields row={row} />}
    />
  );
}

function inputOf(row: Trunk): TrunkInput {
  const { id: _, hasPassword, revision, callsNow, callsTotal, lastCallAt, account, ...form } = row;
  const { hasPassword: hasOwn, ...shown } = account;
  return { ...form, password: "", account: { ...shown, password: "" } };
}

function TrunkFields({ row }: { readonly row: Trunk | null }) {
  const { t } = useText();
  return (
    <>
      <div className="two">
        <Form.Item name="name" label={t("telephony.field.name")}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="enabled" label={t("telephony.field.enabled")} valuePropName="checked">
          <Switch />
        </Form.Item>
      </div>
      <Form.Item name="addresses" label={t("telephony.field.addresses")} extra={t("telephony.field.addressesHelp")}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[" ", ",", ";", "，", "、"]} />
      </Form.Item>
      <div className="two">
        <Form.Item name="username" label={t("telephony.field.username")} extra={t("telephony.field.usernameHelp")}>
          <Input maxLength={80} autoComplete="off" />
        </Form.Item>
        <Form.Item name="password" label={t("telephony.field.password")}>
          <Input.Password
            maxLength={128}
            autoComplete="new-password"
            placeholder={row?.hasPassword ? t("telephony.field.passwordKept") : ""}
          />
        </Form.Item>
      </div>
      <Form.Item name="codecs" label={t("telephony.field.codecs")}>
        <Select mode="multiple" options={CODECS.map((each) => ({ value: each, label: each }))} />
      </Form.Item>
      <div className="two">
        <Form.Item name="dtmf" label={t("telephony.field.dtmf")}>
          <Select
            options={[
              { value: "auto", label: t("telephony.field.dtmfAuto") },
              { value: "rfc4733", label: "RFC 4733" },
              { value: "info", label: "SIP INFO" },
            ]}
          />
        </Form.Item>
        <Form.Item name="maxCalls" label={t("telephony.field.maxCalls")} extra={t("telephony.field.maxCallsHelp")}>
          <InputNumber min={0} max={2000} precision={0} />
        </Form.Item>
      </div>
    </>
  );
}
