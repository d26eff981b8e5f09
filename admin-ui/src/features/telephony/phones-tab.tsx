import { type PhoneInput, PhoneInputSchema } from "@intramuros/contracts/browser";
import Form from "antd/es/form";
import Input from "antd/es/input";
import { useText } from "../../shared/i18n/use-text.ts";
import { Status } from "../../shared/ui/parts.tsx";
import { RecordList } from "./record-list.tsx";

export function PhonesTab() {
  const { t } = useText();
  return (
    <RecordList<"phones", PhoneInput>
      kind="phones"
      schema={PhoneInputSchema}
      nameOf={(row) => row.name}
      blank={() => ({ name: "", username: "", password: "" })}
      inputOf={({ name, username }) => ({ name, username, password: "" })}
      columns={[
        {
          key: "name",
          title: t("telephony.col.name"),
          render: (row) => <strong className="row-name">{row.name}</strong>,
        },
        { key: "username", title: t("telephony.col.username"), render: (row) => <code>{row.username}</code> },
        {
          key: "state",
          title: t("telephony.col.state"),
          render: (row) => (
            <Status tone={row.registered ? "good" : row.hasPassword ? "quiet" : "warn"}>
              {t(
                row.registered
                  ? "telephony.registered"
                  : row.hasPassword
                    ? "telephony.unregistered"
                    : "telephony.noPassword",
              )}
            </Status>
          ),
        },
        {
          key: "contact",
          title: t("telephony.col.contact"),
          wide: true,
          render: (row) => (row.contact === undefined ? "—" : <code>{row.contact}</code>),
        },
      ]}
      form={(row) => (
        <>
          <Form.Item name="name" label={t("telephony.field.name")}>
            <Input maxLength={80} />
          </Form.Item>
          <Form.Item
            name="username"
            label={t("telephony.field.phoneUsername")}
            extra={t("telephony.field.phoneUsernameHelp")}
          >
            <Input maxLength={64} autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t("telephony.field.phonePassword")}
            extra={t("telephony.field.phonePasswordHelp")}
          >
            <Input.Password
              maxLength={128}
              autoComplete="new-password"
              placeholder={row?.hasPassword ? t("telephony.field.passwordKept") : ""}
            />
          </Form.Item>
        </>
      )}
    />
  );
}
