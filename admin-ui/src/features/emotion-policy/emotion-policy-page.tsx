import { EMOTIONS, type EmotionPolicy, EmotionPolicySchema, type EmotionRule } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Input from "antd/es/input";
import InputNumber from "antd/es/input-number";
import Select from "antd/es/select";
import Slider from "antd/es/slider";
import Switch from "antd/es/switch";
import { type ReactNode, useId, useState } from "react";
import { fieldFaults, wordOf } from "../../shared/form/field-faults.ts";
import { percent } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { FaultNotice } from "../../shared/ui/fault-notice.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Empty, PageHead, Panel } from "../../shared/ui/parts.tsx";
import { toast } from "../../shared/ui/toast.tsx";
import { useEmotionPolicy, useSavePolicy } from "./api/policy.ts";
import { moveRule, newRule } from "./rules.ts";
import "./emotion-policy.css";

export function EmotionPolicyPage() {
  return <Loaded of={useEmotionPolicy()}>{(policy) => <Editor policy={policy} />}</Loaded>;
}

function Editor({ policy }: { readonly policy: EmotionPolicy }) {
  const { t } = useText();
  const [draft, setDraft] = useState<readonly EmotionRule[] | null>(null);
  const save = useSavePolicy();
  const rules = draft ?? policy.rules;
  const body = { rules: [...rules] };
  const faults = draft === null ? [] : fieldFaults(EmotionPolicySchema, body);
  const faultOf = (place: number, field: string): string | undefined => {
    const fault = faults.find((each) => each.path[1] === place && each.path[2] === field);
    return fault && t(`common.field.${wordOf(fault)}`, { limit: fault.limit ?? "" });
  };
  return (
    <>
      <PageHead
        title={t("shell.page.emotion-policy")}
        lead={t("policy.lead")}
        actions={
          <>
            {draft !== null && <span className="warn-words">{t("common.unsaved")}</span>}
            <Button
              icon={<Icon name="plus" size={14} />}
              onClick={() => setDraft([...rules, newRule(rules, t("policy.add"))])}
            >
              {t("policy.add")}
            </Button>
            {draft !== null && <Button onClick={() => setDraft(null)}>{t("common.discard")}</Button>}
            <Button
              type="primary"
              disabled={draft === null || faults.length > 0}
              loading={save.isPending}
              onClick={() =>
                save.mutate(body, {
                  onSuccess: () => {
                    setDraft(null);
                    toast(t("common.saved"));
                  },
                })
              }
            >
              {t("common.save")}
            </Button>
          </>
        }
      />
      {save.error && <FaultNotice error={save.error} kept />}
      {rules.length === 0 ? (
        <Panel>
          <Empty icon="emotion-policy" title={t("policy.empty")} hint={t("policy.emptyHint")} />
        </Panel>
      ) : (
        <ol className="stack">
          {rules.map((rule, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity while the name is being typed
            <li key={place}>
              <RuleCard
                rule={rule}
                place={place}
                last={place === rules.length - 1}
                fault={(field) => faultOf(place, field)}
                change={(next) => setDraft(rules.with(place, next))}
                move={(step) => setDraft(moveRule(rules, place, step))}
                remove={() => setDraft(rules.filter((_, each) => each !== place))}
              />
            </li>
          ))}
        </ol>
      )}
      <p className="subtle policy-foot">{t("policy.saveHint")}</p>
    </>
  );
}

function RuleCard(props: {
  readonly rule: EmotionRule;
  readonly place: number;
  readonly last: boolean;
  readonly fault: (field: string) => string | undefined;
  readonly change: (rule: EmotionRule) => void;
  readonly move: (step: -1 | 1) => void;
  readonly remove: () => void;
}) {
  const { t } = useText();
  const { rule, change } = props;
  return (
    <Panel className={`rule mood-${rule.emotion} ${rule.enabled ? "" : "rule-off"}`}>
      <div className="rule-head">
        <span className="muted num">{t("policy.order", { n: props.place + 1 })}</span>
        <Field label={t("policy.name")} problem={props.fault("id")} hideLabel>
          {(id) => (
            <Input
              id={id}
              value={rule.id}
              maxLength={60}
              onChange={(event) => change({ ...rule, id: event.target.value })}
            />
          )}
        </Field>
        <Switch
          size="small"
          checked={rule.enabled}
          aria-label={`${t("policy.enabled")}: ${rule.id}`}
          onChange={(enabled) => change({ ...rule, enabled })}
        />
        <span className="rule-moves">
          <button
            type="button"
            className="icon-button"
            disabled={props.place === 0}
            aria-label={`${t("policy.up")}: ${rule.id}`}
            onClick={() => props.move(-1)}
          >
            <span className="flip">
              <Icon name="down" />
            </span>
          </button>
          <button
            type="button"
            className="icon-button"
            disabled={props.last}
            aria-label={`${t("policy.down")}: ${rule.id}`}
            onClick={() => props.move(1)}
          >
            <Icon name="down" />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={`${t("policy.remove")}: ${rule.id}`}
            onClick={props.remove}
          >
            <Icon name="trash" />
          </button>
        </span>
      </div>
      <div className="rule-grid">
        <Field label={t("policy.when")}>
          {(id) => (
            <Select
              id={id}
              value={rule.emotion}
              onChange={(emotion) => change({ ...rule, emotion })}
              options={EMOTIONS.map((each) => ({ value: each, label: t(`conversation.mood.${each}`) }))}
            />
          )}
        </Field>
        <Field label={`${t("policy.probability")} ${percent(rule.minProbability)}`}>
          {() => (
            <Slider
              min={0}
              max={1}
              step={0.05}
              value={rule.minProbability}
              tooltip={{ open: false }}
              ariaLabelForHandle={`${t("policy.probability")}: ${rule.id}`}
              onChange={(minProbability) => change({ ...rule, minProbability })}
            />
          )}
        </Field>
        <Field label={t("policy.consecutive")} problem={props.fault("consecutive")}>
          {(id) => (
            <InputNumber
              id={id}
              min={1}
              max={10}
              value={rule.consecutive}
              onChange={(value) => change({ ...rule, consecutive: value ?? 1 })}
            />
          )}
        </Field>
        <Field label={t("policy.style")}>
          {(id) => (
            <Select
              id={id}
              value={rule.style}
              onChange={(style) => change({ ...rule, style })}
              options={(["normal", "calm"] as const).map((each) => ({
                value: each,
                label: t(`policy.styles.${each}`),
              }))}
            />
          )}
        </Field>
        <Field label={t("policy.action")}>
          {(id) => (
            <Select
              id={id}
              value={rule.action}
              onChange={(action) => change({ ...rule, action })}
              options={(["none", "offer-person", "handoff"] as const).map((each) => ({
                value: each,
                label: t(`policy.actions.${each}`),
              }))}
            />
          )}
        </Field>
      </div>
      <div className="two">
        {(["zh", "en"] as const).map((language) => (
          <Field key={language} label={t(language === "zh" ? "policy.prefixZh" : "policy.prefixEn")}>
            {(id) => (
              <Input
                id={id}
                maxLength={200}
                placeholder={t("policy.prefixHelp")}
                value={rule.prefix[language]}
                onChange={(event) => change({ ...rule, prefix: { ...rule.prefix, [language]: event.target.value } })}
              />
            )}
          </Field>
        ))}
      </div>
    </Panel>
  );
}

function Field(props: {
  readonly label: string;
  readonly problem?: string | undefined;
  readonly hideLabel?: boolean;
  readonly children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className={props.hideLabel ? "sr" : ""}>
        {props.label}
      </label>
      {props.children(id)}
      {props.problem !== undefined && (
        <p className="field-problem" role="alert">
          {props.problem}
        </p>
      )}
    </div>
  );
}
