import Button from "antd/es/button";
import Input from "antd/es/input";
import Select from "antd/es/select";
import { type ReactNode, useMemo } from "react";
import { useText } from "../i18n/use-text.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Loaded } from "./loaded.tsx";
import { Empty, Panel } from "./parts.tsx";
import { type Column, Table } from "./table.tsx";

/** The frame of every list: filters above, rows in a panel, what to show while there are none, and the next page on demand. */
export interface ListProps<T> {
  readonly label: string;
  readonly filters?: ReactNode;
  /** At the end of the line of filters; a list that says nothing here tells how many rows there are. */
  readonly note?: ReactNode;
  readonly of: {
    readonly rows: readonly T[] | undefined;
    readonly error: unknown;
    readonly refetch: () => unknown;
    readonly more?: Pages<unknown>;
  };
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly rowClass?: (row: T) => string;
  readonly to?: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  /** Whether the filters leave something out: then an empty list says so instead of teaching. */
  readonly filtered: boolean;
  readonly empty: {
    readonly icon: IconName;
    readonly title: string;
    readonly hint?: string;
    readonly action?: ReactNode;
  };
  readonly className?: string;
}

/** What the frame needs of an infinite query. */
export interface Pages<P> {
  readonly data: { readonly pages: readonly P[] } | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

/** The rows of all pages that were loaded, as the frame wants them. */
export function usePages<T>(pages: Pages<{ readonly items: readonly T[] }>): ListProps<T>["of"] {
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items), [pages.data]);
  return { rows, error: pages.error, refetch: pages.refetch, more: pages };
}

export function List<T>(props: ListProps<T>) {
  const { t } = useText();
  const { rows, error, refetch, more } = props.of;
  const count = rows && t(more?.hasNextPage ? "common.shownMore" : "common.shown", { count: rows.length });
  return (
    <>
      <div className="filters">
        {props.filters}
        <span className="end">{props.note ?? count}</span>
      </div>
      <Panel flush {...(props.className === undefined ? {} : { className: props.className })}>
        <Loaded of={{ data: rows, error, refetch }}>
          {(list) => (
            <Table
              label={props.label}
              columns={props.columns}
              rows={list}
              rowKey={props.rowKey}
              {...(props.rowClass === undefined ? {} : { rowClass: props.rowClass })}
              {...(props.to === undefined ? {} : { to: props.to })}
              {...(props.onOpen === undefined ? {} : { onOpen: props.onOpen })}
              empty={props.filtered ? <Empty icon="search" title={t("common.noMatch")} /> : <Empty {...props.empty} />}
            />
          )}
        </Loaded>
        {more?.hasNextPage && (
          <div className="more">
            <Button loading={more.isFetchingNextPage} onClick={() => void more.fetchNextPage()}>
              {t("common.loadMore")}
            </Button>
          </div>
        )}
      </Panel>
    </>
  );
}

/** Words to look for. */
export function SearchBox(props: {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly maxLength?: number;
}) {
  return (
    <Input
      className="grow"
      allowClear
      aria-label={props.label}
      placeholder={props.label}
      prefix={<Icon name="search" size={14} />}
      value={props.value}
      maxLength={props.maxLength ?? 200}
      onChange={(event) => props.set(event.target.value)}
    />
  );
}

/** One of several, or all: the label stands for all. */
export function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly options: readonly (readonly [value: string, label: string])[];
}) {
  return (
    <Select
      aria-label={props.label}
      value={props.value}
      onChange={props.set}
      popupMatchSelectWidth={false}
      options={[{ value: "", label: props.label }, ...props.options.map(([value, label]) => ({ value, label }))]}
    />
  );
}
