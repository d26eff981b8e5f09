import Button from "antd/es/button";
import Drawer from "antd/es/drawer";
import Form from "antd/es/form";
import Popconfirm from "antd/es/popconfirm";
import { type ReactNode, useState } from "react";
import type { TSchema } from "typebox";
import { asFault } from "../api/fault.ts";
import { useText } from "../i18n/use-text.ts";
import { FaultNotice, useFaultText } from "../ui/fault-notice.tsx";
import { toast } from "../ui/toast.tsx";
import { fieldFaults, pathOf, wordOf } from "./field-faults.ts";

/**
 * One record in a drawer: its form, checked by the contract before it is sent; what the appliance refuses stands at its
 * field; what was typed stays until it is saved or given up on purpose.
 */
export function RecordDrawer<T extends object>(props: {
  readonly title: string;
  readonly schema: TSchema;
  readonly initial: T;
  readonly save: (value: T) => Promise<unknown>;
  readonly remove?: {
    readonly ask: string;
    readonly then: string;
    readonly act: () => Promise<unknown>;
  };
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly width?: number;
  readonly readOnly?: boolean;
}) {
  const { t } = useText();
  const faultText = useFaultText();
  const [form] = Form.useForm<T>();
  const [dirty, setDirty] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);

  const close = () => (dirty && !leaving ? setLeaving(true) : props.onClose());
  const perform = async (act: () => Promise<unknown>, done: string) => {
    setBusy(true);
    setFault(null);
    try {
      await act();
      toast(done);
      props.onClose();
    } catch (error) {
      const refused = asFault(error);
      const path = refused.field === undefined ? [] : pathOf(refused.field);
      const { title, hint } = faultText(refused);
      const words = hint === "" ? title : `${title} — ${hint}`;
      const first = path[0];
      if (first !== undefined && form.getFieldInstance(first as never) !== undefined)
        form.setFields([{ name: first as never, errors: [words] }]);
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  const submit = () => {
    const value = { ...props.initial, ...form.getFieldsValue(true) } as T;
    const faults = fieldFaults(props.schema, value);
    const names = Object.keys(props.initial).map((name) => ({ name: name as never, errors: [] as string[] }));
    form.setFields(names);
    if (faults.length > 0) {
      form.setFields(
        faults.map((each) => ({
          name: [...each.path] as never,
          errors: [t(`common.field.${wordOf(each)}`, { limit: each.limit ?? "" })],
        })),
      );
      const first = faults[0]?.path;
      if (first !== undefined) form.scrollToField([...first] as never, { block: "center", focus: true });
      return;
    }
    void perform(() => props.save(value), t("common.saved"));
  };
  const removal = props.remove;
  return (
    <Drawer
      open
      title={props.title}
      size={props.width ?? 520}
      onClose={close}
      footer={
        props.readOnly ? null : (
          <div className="drawer-foot">
            {removal !== undefined && (
              <Popconfirm
                title={removal.ask}
                description={<div className="ask-then">{removal.then}</div>}
                okText={t("common.delete")}
                okButtonProps={{ danger: true }}
                onConfirm={() => perform(removal.act, t("common.deleted"))}
              >
                <Button danger type="text" disabled={busy}>
                  {t("common.delete")}
                </Button>
              </Popconfirm>
            )}
            <span className="drawer-space" />
            {leaving && <span className="warn-words">{t("common.unsaved")}</span>}
            <Button onClick={() => (leaving ? props.onClose() : close())}>
              {leaving ? t("common.discard") : t("common.cancel")}
            </Button>
            <Button type="primary" loading={busy} onClick={submit}>
              {t("common.save")}
            </Button>
          </div>
        )
      }
    >
      {fault !== null && <FaultNotice error={fault} kept />}
      <Form
        form={form}
        layout="vertical"
        initialValues={props.initial}
        disabled={props.readOnly ?? false}
        onValuesChange={() => {
          setDirty(true);
          setLeaving(false);
        }}
        onFinish={submit}
        validateTrigger={[]}
      >
        {props.children}
        <button type="submit" hidden />
      </Form>
    </Drawer>
  );
}
