import Button from "antd/es/button";
import Drawer from "antd/es/drawer";
import Form from "antd/es/form";
import Popconfirm from "antd/es/popconfirm";
import { type ReactNode, useState } from "react";
import type { TSchema } from "typebox";
import { useText } from "../i18n/use-text.ts";
import { FaultNotice } from "../ui/fault-notice.tsx";
import { toast } from "../ui/toast.tsx";
import { useCheckedForm } from "./checked-form.ts";

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
  const checked = useCheckedForm<T>({ schema: props.schema, initial: props.initial, save: props.save });
  const { form, dirty, busy, fault } = checked;
  const [leaving, setLeaving] = useState(false);

  const close = () => (dirty && !leaving ? setLeaving(true) : props.onClose());
  const done = (words: string) => (kept: boolean) => {
    if (!kept) return;
    toast(words);
    props.onClose();
  };
  const submit = () => void checked.submit().then(done(t("common.saved")));
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
                onConfirm={() => checked.perform(removal.act).then(done(t("common.deleted")))}
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
          checked.touched();
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
