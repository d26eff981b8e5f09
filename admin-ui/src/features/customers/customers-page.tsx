import type { Customer } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Input from "antd/es/input";
import { useDeferredValue, useMemo } from "react";
import { Link } from "react-router";
import { integer } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Address, Empty, PageHead, Panel, Time } from "../../shared/ui/parts.tsx";
import { type Column, Table } from "../../shared/ui/table.tsx";
import { useUrlFilter } from "../../shared/ui/url-filter.ts";
import { useCustomers } from "./api/list-customers.ts";
import "./customers.css";

export function CustomersPage() {
  const { t, language } = useText();
  const [words, setWords] = useUrlFilter("q");
  const q = useDeferredValue(words.trim());
  const customers = useCustomers(q);
  const rows = useMemo(() => customers.data?.pages.flatMap((page) => page.items), [customers.data]);
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
      <div className="filters">
        <Input
          className="grow"
          allowClear
          aria-label={t("customers.search")}
          placeholder={t("customers.search")}
          prefix={<Icon name="search" size={14} />}
          value={words}
          maxLength={200}
          onChange={(event) => setWords(event.target.value)}
        />
        <span className="end">
          {rows !== undefined && t(customers.hasNextPage ? "common.shownMore" : "common.shown", { count: rows.length })}
        </span>
      </div>
      <Panel flush>
        <Loaded of={{ data: rows, error: customers.error, refetch: customers.refetch }}>
          {(list) => (
            <Table
              label={t("shell.page.customers")}
              columns={columns}
              rows={list}
              rowKey={(row) => row.id}
              to={(row) => `/customers/${encodeURIComponent(row.id)}`}
              empty={
                q !== "" ? (
                  <Empty icon="search" title={t("common.noMatch")} />
                ) : (
                  <Empty icon="customers" title={t("customers.empty")} hint={t("customers.emptyHint")} />
                )
              }
            />
          )}
        </Loaded>
        {customers.hasNextPage && (
          <div className="more">
            <Button loading={customers.isFetchingNextPage} onClick={() => void customers.fetchNextPage()}>
              {t("common.loadMore")}
            </Button>
          </div>
        )}
      </Panel>
    </>
  );
}
