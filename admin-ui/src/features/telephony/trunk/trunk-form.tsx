import {
  changedFields,
  switchTemplate,
  TRUNK_TEMPLATES,
  type Trunk,
  type TrunkInput,
  TrunkInputSchema,
  type TrunkTemplate,
  templateForm,
  templatePeer,
} from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Form from "antd/es/form";
import { useEffect, useRef, useState } from "react";
import { useBlocker, useNavigate, useSearchParams } from "react-router";
import { useCheckedForm } from "../../../shared/form/checked-form.ts";
import { useText } from "../../../shared/i18n/use-text.ts";
import { Dialog } from "../../../shared/ui/dialog.tsx";
import { FaultNotice } from "../../../shared/ui/fault-notice.tsx";
import { toast } from "../../../shared/ui/toast.tsx";
import { useSaveTrunk } from "../api/save-trunk.ts";
import { TrunkFieldItem } from "./trunk-field.tsx";
import { BASICS, cleanTrunk, namePath, SECTIONS, sectionOf, type TrunkSection } from "./trunk-fields.ts";

/** The whole form of one trunk: the template first, then what it cannot do without, then everything else in sections. */
export function TrunkForm({ trunk }: { readonly trunk: Trunk | null }) {
  const { t } = useText();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const save = useSaveTrunk();
  const saved = useRef<Trunk | null>(null);
  const [revision] = useState(trunk?.revision);
  const [initial] = useState(() => (trunk === null ? blank("generic") : inputOf(trunk)));
  const checked = useCheckedForm<TrunkInput>({
    schema: TrunkInputSchema,
    initial,
    clean: cleanTrunk,
    async save(body) {
      saved.current = await save.mutateAsync({ id: trunk?.id ?? null, body });
    },
  });
  const submit = async () => {
    if (!(await checked.submit()) || saved.current === null) return;
    toast(t("trunk.savedRevision", { revision: saved.current.revision }));
    void navigate(`/telephony/trunks/${encodeURIComponent(saved.current.id)}`);
  };
  const { form } = checked;
  const values = Form.useWatch((all: TrunkInput) => all, form) ?? initial;
  const choose = (template: TrunkTemplate) => {
    const now = { ...initial, ...form.getFieldsValue(true) } as TrunkInput;
    form.setFieldsValue(switchTemplate(now, template) as never);
    checked.touched();
  };
  useAskedField(params.get("field"));

  return (
    <Form
      form={form}
      layout="vertical"
      className="trunk-form"
      initialValues={initial}
      validateTrigger={[]}
      onValuesChange={checked.touched}
      onFinish={() => void submit()}
    >
      {checked.fault !== null && <FaultNotice error={checked.fault} kept />}
      {trunk !== null && trunk.revision !== revision && saved.current === null && (
        <p className="warn-words" role="alert">
          {t("trunk.changedMeanwhile", { revision: trunk.revision })}
        </p>
      )}
      <Leaving when={() => checked.dirty && saved.current === null} />
      <Templates value={values.template ?? initial.template} choose={choose} />
      <Form.Item name="template" hidden>
        <input type="hidden" />
      </Form.Item>
      <section className="trunk-basics">
        {BASICS.map((field) => (
          <TrunkFieldItem key={field.path} field={field} hasPassword={false} />
        ))}
      </section>
      <p className="muted trunk-enough">{t("trunk.enough")}</p>
      {SECTIONS.map((section) => (
        <Section key={section.key} section={section} values={values} trunk={trunk} />
      ))}
      <footer className="trunk-foot">
        {checked.dirty && <span className="warn-words">{t("common.unsaved")}</span>}
        <Button onClick={() => void navigate(trunk === null ? "/telephony/trunks" : `/telephony/trunks/${trunk.id}`)}>
          {t("common.cancel")}
        </Button>
        <Button type="primary" htmlType="submit" loading={checked.busy}>
          {t("common.save")}
        </Button>
      </footer>
    </Form>
  );
}

/** What was typed is given up on purpose only. */
function Leaving({ when }: { readonly when: () => boolean }) {
  const { t } = useText();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => when() && currentLocation.pathname !== nextLocation.pathname,
  );
  if (blocker.state !== "blocked") return null;
  return (
    <Dialog label={t("common.unsaved")} onClose={() => blocker.reset()}>
      <footer className="dialog-foot">
        <Button danger onClick={() => blocker.proceed()}>
          {t("common.discard")}
        </Button>
        <Button type="primary" onClick={() => blocker.reset()}>
          {t("trunk.keepEditing")}
        </Button>
      </footer>
    </Dialog>
  );
}

function Templates(props: { readonly value: TrunkTemplate; readonly choose: (template: TrunkTemplate) => void }) {
  const { t } = useText();
  return (
    <fieldset className="templates">
      <legend>{t("trunk.templateTitle")}</legend>
      <div className="template-row">
        {TRUNK_TEMPLATES.map((each) => (
          <label key={each} className="template">
            <input
              type="radio"
              name="template-choice"
              checked={props.value === each}
              onChange={() => props.choose(each)}
            />
            <span>{t(`trunk.template.${each}`)}</span>
          </label>
        ))}
      </div>
      <p className="field-help">{t("trunk.templateHelp")}</p>
    </fieldset>
  );
}

/** A group of fields that opens and closes; it says how much in it differs from what the template proposes. */
function Section(props: { readonly section: TrunkSection; readonly values: TrunkInput; readonly trunk: Trunk | null }) {
  const { t } = useText();
  const { section, values, trunk } = props;
  const changed = changedFields(templateForm(values.template ?? "generic"), values).filter(
    (path) => sectionOf(path) === section.key,
  ).length;
  const asked = section.openIn.includes(values.mode ?? "peer");
  return (
    <details className="trunk-section" open={asked || undefined} id={`section-${section.key}`}>
      <summary>
        <h2>{t(`trunk.section.${section.key}`)}</h2>
        <span className="subtle">
          {changed === 0 ? t("trunk.asTemplate") : t("trunk.changedCount", { count: changed })}
        </span>
      </summary>
      <p className="muted trunk-section-help">{t(`trunk.sectionHelp.${section.key}`)}</p>
      <div className="trunk-fields">
        {section.fields.map((field) => (
          <TrunkFieldItem
            key={field.path}
            field={field}
            hasPassword={(field.path === "password" ? trunk?.hasPassword : trunk?.account.hasPassword) ?? false}
          />
        ))}
      </div>
      {section.key === "media" && values.media?.srtp !== "off" && values.peers?.[0]?.transport !== "tls" && (
        <p className="warn-words">{t("trunk.srtpPlain")}</p>
      )}
    </details>
  );
}

/** A finding of the doctor leads to the field that it names: its section opens and the field has the focus. */
function useAskedField(path: string | null): void {
  useEffect(() => {
    if (path === null) return;
    const section = sectionOf(path);
    if (section !== null) document.getElementById(`section-${section}`)?.setAttribute("open", "");
    const id = namePath(path === "peers" ? "peers.0.host" : path).join("_");
    const element = document.getElementById(id);
    element?.scrollIntoView({ block: "center" });
    element?.focus();
  }, [path]);
}

const blank = (template: TrunkTemplate): TrunkInput => ({
  ...templateForm(template),
  name: "",
  peers: [templatePeer(template)],
});

/** A trunk as the form edits it: passwords are typed anew or stay. */
export function inputOf(row: Trunk): TrunkInput {
  const { id: _, hasPassword, revision, callsNow, callsTotal, lastCallAt, account, ...form } = row;
  const { hasPassword: hasOwn, ...shown } = account;
  return {
    ...form,
    password: "",
    account: { ...shown, password: "" },
    peers: form.peers.length === 0 ? [templatePeer(form.template)] : form.peers,
  };
}
