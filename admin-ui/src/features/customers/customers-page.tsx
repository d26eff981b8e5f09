import type { Customer } from "@intramuros/contracts/browser";
import { useDeferredValue } from "react";
import { Link } from "react-router";
import { integer } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { List, SearchBox, usePages } from "../../shared/ui/list.tsx";
import { Address, PageHead, Time } from "../../shared/ui/parts.tsx";
import type { Column } from "../../shared/ui/table.tsx";
import { useUrlFilter } from "../../shared/ui/url-filter.ts";
import { useCustomers } from "./api/list-customers.ts";
import "./customers.css";

export function CustomersPage() {
  const { t, language } = useText();
  const [words, setWords] = useUrlFilter("q");
  const q = useDeferredValue(words.trim());
  const customers = useCustomers(q);
  const columns: readonly Column<Customer>[] = [
    {
      key: "name",
      title: t("customers.col.name"),
      width: "20%",
      render: (row) => (
        <Link className="strong-link" to={`/customers/${encodeURIComponent(row.id)}`}>
          {row.name || t("customers.noName")}
        </Link>
      ),
    },
    {
      key: "identities",
      title: t("customers.col.identities"),
      width: "24%",
      render: (row) => (
        <span className="chips">
          {row.identities.map((identity) => (
            <span key={identity.kind + identity.value} className="identity">
              <Icon name={identity.kind === "phone" ? "phone" : "chat"} size={13} />
              <Address value={identity.value} />
            </span>
          ))}
        </span>
      ),
    },
    {
      key: "note",
      title: t("customers.col.note"),
      wide: true,
      render: (row) => <span className="words">{row.note}</span>,
    },
    {
      key: "last",
      title: t("customers.col.last"),
      width: "130px",
      render: (row) => <Time at={row.lastSeenAt} as="ago" />,
    },
    {
      key: "count",
      title: t("customers.col.count"),
      align: "end",
      width: "110px",
      render: (row) => <span className="num">{integer(row.conversations, language)}</span>,
    },
  ];
  return (
    <>
      <PageHead title={t("shell.page.customers")} lead={t("customers.lead")} />
      <List
        label={t("shell.page.customers")}
        filters={<SearchBox label={t("customers.search")} value={words} set={setWords} />}
        of={usePages(customers)}
        columns={columns}
        rowKey={(row) => row.id}
        to={(row) => `/customers/${encodeURIComponent(row.id)}`}
        filtered={q !== ""}
        empty={{ icon: "customers", title: t("customers.empty"), hint: t("customers.emptyHint") }}
      />
    </>
  );
}
