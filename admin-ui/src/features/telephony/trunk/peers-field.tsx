import { TRUNK_TRANSPORTS, type TrunkInput, templatePeer } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Form from "antd/es/form";
import Input from "antd/es/input";
import InputNumber from "antd/es/input-number";
import Select from "antd/es/select";
import { useText } from "../../../shared/i18n/use-text.ts";
import { Icon } from "../../../shared/ui/icon.tsx";

const TRANSPORTS = TRUNK_TRANSPORTS.map((value) => ({ value, label: value.toUpperCase() }));
const PEERS_MAX = 16;

/** Where the PBX takes calls: the first line is all that most need; priority and weight come with a second one. */
export function PeersField() {
  const { t } = useText();
  const form = Form.useFormInstance<TrunkInput>();
  return (
    <fieldset className="rows-field trunk-field-wide">
      <legend>{t("trunk.field.peers")}</legend>
      <Form.List name="peers">
        {(peers, { add, remove }) => (
          <>
            {peers.map(({ key, name }) => (
              <div key={key} className={peers.length > 1 ? "peer-row peer-row-many" : "peer-row"}>
                <Form.Item name={[name, "host"]} label={t("trunk.peer.host")}>
                  <Input maxLength={255} spellCheck={false} autoComplete="off" placeholder="10.20.0.5" />
                </Form.Item>
                <Form.Item name={[name, "port"]} label={t("trunk.peer.port")}>
                  <InputNumber min={0} max={65535} precision={0} />
                </Form.Item>
                <Form.Item name={[name, "transport"]} label={t("trunk.peer.transport")}>
                  <Select options={TRANSPORTS} />
                </Form.Item>
                {peers.length > 1 && (
                  <>
                    <Form.Item name={[name, "priority"]} label={t("trunk.peer.priority")}>
                      <InputNumber min={0} max={65535} precision={0} />
                    </Form.Item>
                    <Form.Item name={[name, "weight"]} label={t("trunk.peer.weight")}>
                      <InputNumber min={0} max={65535} precision={0} />
                    </Form.Item>
                    <button
                      type="button"
                      className="icon-button"
                      aria-label={`${t("trunk.peer.remove")} ${name + 1}`}
                      onClick={() => remove(name)}
                    >
                      <Icon name="trash" />
                    </button>
                  </>
                )}
              </div>
            ))}
            <p className="field-help">{t("trunk.help.peers")}</p>
            {peers.length < PEERS_MAX && (
              <Button
                size="small"
                icon={<Icon name="plus" size={13} />}
                onClick={() => {
                  const before = form.getFieldValue("peers") as TrunkInput["peers"];
                  const transport = before.at(-1)?.transport;
                  add({
                    ...templatePeer(form.getFieldValue("template") as TrunkInput["template"]),
                    ...(transport === undefined ? {} : { transport }),
                    priority: before.length,
                  });
                }}
              >
                {t("trunk.peer.add")}
              </Button>
            )}
          </>
        )}
      </Form.List>
    </fieldset>
  );
}
