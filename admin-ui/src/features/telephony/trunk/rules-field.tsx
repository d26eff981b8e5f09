import Button from "antd/es/button";
import Form from "antd/es/form";
import Input from "antd/es/input";
import InputNumber from "antd/es/input-number";
import { useText } from "../../../shared/i18n/use-text.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { namePath } from "./trunk-fields.ts";

const RULES_MAX = 50;

/** Rules that rewrite numbers, in the order in which they are tried. */
export function RulesField({ path }: { readonly path: string }) {
  const { t } = useText();
  return (
    <fieldset className="rows-field trunk-field-wide">
      <legend>{t(`trunk.field.${path}`)}</legend>
      <Form.List name={namePath(path)}>
        {(rules, { add, remove }) => (
          <>
            {rules.map(({ key, name }) => (
              <div key={key} className="rule-row">
                <Form.Item name={[name, "pattern"]} label={t("trunk.rule.pattern")}>
                  <Input maxLength={80} className="num" spellCheck={false} placeholder="0086*" />
                </Form.Item>
                <Form.Item name={[name, "strip"]} label={t("trunk.rule.strip")}>
                  <InputNumber min={0} max={30} precision={0} />
                </Form.Item>
                <Form.Item name={[name, "prepend"]} label={t("trunk.rule.prepend")}>
                  <Input maxLength={30} className="num" spellCheck={false} />
                </Form.Item>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`${t("trunk.rule.remove")} ${name + 1}`}
                  onClick={() => remove(name)}
                >
                  <Icon name="trash" />
                </button>
              </div>
            ))}
            <p className="field-help">
              {t(`trunk.help.${path}`)} {rules.length > 0 && t("trunk.rule.example")}
            </p>
            {rules.length < RULES_MAX && (
              <Button
                size="small"
                icon={<Icon name="plus" size={13} />}
                onClick={() => add({ pattern: "", strip: 0, prepend: "" })}
              >
                {t("trunk.rule.add")}
              </Button>
            )}
          </>
        )}
      </Form.List>
    </fieldset>
  );
}
