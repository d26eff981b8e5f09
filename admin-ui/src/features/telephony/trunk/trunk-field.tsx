import Form from "antd/es/form";
import Input from "antd/es/input";
import InputNumber from "antd/es/input-number";
import Select from "antd/es/select";
import Switch from "antd/es/switch";
import { memo } from "react";
import { TextArea } from "../../../shared/form/text-area.tsx";
import { useText, type Words } from "../../../shared/i18n/use-text.ts";
import { PeersField } from "./peers-field.tsx";
import { RulesField } from "./rules-field.tsx";
import { limitsOf, namePath, type TrunkField } from "./trunk-fields.ts";

/** The word for one choice of a field, or the value itself where it is a name that everybody uses. */
export const optionWord = (t: Words, path: string, value: string | number): string =>
  t(`trunk.option.${path}.${value}`, { defaultValue: typeof value === "number" ? `${value} ms` : value });
export const fieldWord = (t: Words, path: string): string => t(`trunk.field.${path}`, { defaultValue: path });

/** The value of a field as its history tells it: the word that the form has for it. */
export function valueWord(t: Words, path: string, value: string): string {
  if (value === "") return t("trunk.history.nothing");
  if (value === "true" || value === "false") return t(value === "true" ? "common.yes" : "common.no");
  return t(`trunk.${path === "template" ? "template" : `option.${path}`}.${value}`, { defaultValue: value });
}

/** One field of the trunk form, with its words, limits and choices. */
export const TrunkFieldItem = memo(function TrunkFieldItem(props: {
  readonly field: TrunkField;
  readonly hasPassword: boolean;
}) {
  const { field, hasPassword } = props;
  const { t } = useText();
  const { path, kind } = field;
  if (kind === "peers") return <PeersField />;
  if (kind === "rules") return <RulesField path={path} />;
  const help = t(`trunk.help.${path}`, { defaultValue: "" });
  return (
    <Form.Item
      name={namePath(path)}
      label={fieldWord(t, path)}
      {...(kind === "switch" ? { valuePropName: "checked" } : {})}
      {...(help === "" ? {} : { extra: help })}
      className={WIDE.has(kind) ? "trunk-field-wide" : ""}
    >
      <Control field={field} hasPassword={hasPassword} />
    </Form.Item>
  );
});
const WIDE: ReadonlySet<string> = new Set(["addresses", "codes", "ordered", "pem"]);

/** Ant Design hands id, value and change on; what comes in `rest` goes through to the control. */
function Control({ field, hasPassword, ...rest }: { readonly field: TrunkField; readonly hasPassword: boolean }) {
  const { t } = useText();
  const { path, kind } = field;
  const limits = limitsOf(path);
  const choices = limits.choices?.map((value) => ({ value, label: optionWord(t, path, value) })) ?? [];
  const length = limits.maxLength === undefined ? {} : { maxLength: limits.maxLength };
  switch (kind) {
    case "text":
      return <Input {...rest} {...length} autoComplete="off" spellCheck={false} />;
    case "note":
      return <TextArea {...rest} {...length} lines={2} maxLines={6} />;
    case "pem":
      return (
        <TextArea
          {...rest}
          {...length}
          lines={3}
          maxLines={12}
          className="mono"
          placeholder="-----BEGIN CERTIFICATE-----"
        />
      );
    case "password":
      return (
        <Input.Password
          {...rest}
          {...length}
          autoComplete="new-password"
          placeholder={hasPassword ? t("telephony.field.passwordKept") : ""}
        />
      );
    case "number":
    case "seconds":
      return (
        <InputNumber
          {...rest}
          min={limits.minimum ?? 0}
          max={limits.maximum ?? Number.MAX_SAFE_INTEGER}
          precision={0}
          {...(kind === "seconds" ? { suffix: t("trunk.seconds") } : {})}
        />
      );
    case "switch":
      return <Switch {...rest} />;
    case "choice":
      return <Select {...rest} options={choices} />;
    case "ordered":
      return <Select {...rest} mode="multiple" options={choices} showSearch={false} />;
    case "addresses":
      return <Select {...rest} mode="tags" open={false} suffixIcon={null} tokenSeparators={SEPARATORS} />;
    case "codes":
      return <Codes {...rest} />;
    case "peers":
    case "rules":
      return null;
  }
}
const SEPARATORS = [" ", ",", ";", "，", "、"];

/** Response codes as tags; anything else than a number is left out. */
function Codes(props: { readonly value?: readonly number[]; readonly onChange?: (codes: number[]) => void }) {
  const { value, onChange, ...rest } = props;
  return (
    <Select
      {...rest}
      mode="tags"
      open={false}
      suffixIcon={null}
      tokenSeparators={SEPARATORS}
      value={(value ?? []).map(String)}
      onChange={(codes: string[]) => onChange?.(codes.map(Number).filter((code) => Number.isInteger(code) && code > 0))}
    />
  );
}
