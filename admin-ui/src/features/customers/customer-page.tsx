import { type Customer, type CustomerDetail, CustomerUpdateSchema } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Form from "antd/es/form";
import Input from "antd/es/input";
import Segmented from "antd/es/segmented";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useCustomer } from "../../shared/api/customer.ts";
import { RecordDrawer } from "../../shared/form/record-drawer.tsx";
import { TextArea } from "../../shared/form/text-area.tsx";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import {
  Address,
  Badge,
  Empty,
  Facts,
  fact,
  Mood,
  moodClass,
  PageHead,
  Panel,
  Stopwatch,
  Time,
} from "../../shared/ui/parts.tsx";
import { useUpdateCustomer } from "./api/update-customer.ts";
import "./customers.css";

export function CustomerPage() {
  const { id = "" } = useParams();
  return <Loaded of={useCustomer(id)}>{(detail) => <Body detail={detail} />}</Loaded>;
}

function Body({ detail }: { readonly detail: CustomerDetail }) {
  const { t } = useText();
  const [editing, setEditing] = useState(false);
  const { customer, conversations } = detail;
  return (
    <>
      <Link to="/customers" className="back">
        <Icon name="back" size={14} />
        {t("customers.back")}
      </Link>
      <PageHead
        title={customer.name || t("customers.noName")}
        actions={
          <Button icon={<Icon name="edit" size={14} />} onClick={() => setEditing(true)}>
            {t("customers.edit")}
          </Button>
        }
      />
      <div className="customer-grid">
        <Panel title={t("shell.page.customers")}>
          {customer.note !== "" && <p className="customer-note-text">{customer.note}</p>}
          <Facts
            items={[
              fact(
                t("customers.identities"),
                customer.identities.map((identity) => (
                  <div key={identity.kind + identity.value}>
                    <span className="muted">{t(`customers.kind.${identity.kind}`)}</span>{" "}
                    <Address value={identity.value} />
                  </div>
                )),
              ),
              fact(t("customers.language"), t(`common.lang.${customer.language}`)),
              fact(t("customers.col.count"), <span className="num">{customer.conversations}</span>),
              fact(t("customers.firstSeen"), <Time at={customer.firstSeenAt} />),
              fact(t("customers.lastSeen"), <Time at={customer.lastSeenAt} />),
            ]}
          />
        </Panel>
        <Panel title={t("customers.timeline")} flush>
          {conversations.length === 0 ? (
            <Empty icon="conversations" title={t("customers.timelineEmpty")} />
          ) : (
            <ol>
              {conversations.map((row) => (
                <li key={row.id}>
                  <Link className="timeline-row" to={`/conversations/${encodeURIComponent(row.id)}`}>
                    <span className={`timeline-line ${moodClass(row.mood)}`} aria-hidden="true" />
                    <span className="muted">
                      <Time at={row.startedAt} />
                    </span>
                    <span>
                      <span className="timeline-what">
                        <Icon name={row.medium === "phone" ? "phone" : "chat"} size={14} />
                        {t(`conversation.medium.${row.medium}`)}
                        {row.state === "live" ? (
                          <Badge tone="good">{t("conversation.live")}</Badge>
                        ) : (
                          row.outcome !== undefined && (
                            <Badge
                              tone={row.outcome === "failed" ? "bad" : row.outcome === "abandoned" ? "warn" : "quiet"}
                            >
                              {t(`conversation.outcome.${row.outcome}`)}
                            </Badge>
                          )
                        )}
                        {row.mood !== undefined && <Mood mood={row.mood} />}
                      </span>
                      <span className="timeline-words">{row.lastText}</span>
                    </span>
                    <span className="muted">
                      <Stopwatch from={row.startedAt} to={row.endedAt} />
                    </span>
                  </Link>
                </li>
              ))}
            </ol>
          )}
        </Panel>
      </div>
      {editing && <EditDrawer customer={customer} onClose={() => setEditing(false)} />}
    </>
  );
}

function EditDrawer({ customer, onClose }: { readonly customer: Customer; readonly onClose: () => void }) {
  const { t } = useText();
  const update = useUpdateCustomer(customer.id);
  return (
    <RecordDrawer
      title={t("customers.edit")}
      schema={CustomerUpdateSchema}
      initial={{ name: customer.name, note: customer.note, language: customer.language }}
      save={(value) => update.mutateAsync(value)}
      onClose={onClose}
      width={420}
    >
      <Form.Item name="name" label={t("customers.name")}>
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item name="language" label={t("customers.language")}>
        <Segmented
          options={[
            { value: "zh", label: t("common.lang.zh") },
            { value: "en", label: t("common.lang.en") },
          ]}
        />
      </Form.Item>
      <Form.Item name="note" label={t("customers.note")} extra={t("customers.noteHelp")}>
        <TextArea lines={4} maxLength={2000} />
      </Form.Item>
    </RecordDrawer>
  );
}
