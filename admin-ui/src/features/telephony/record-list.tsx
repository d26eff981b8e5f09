import Button from "antd/es/button";
import { type ReactNode, useState } from "react";
import type { TSchema } from "typebox";
import { RecordDrawer } from "../../shared/form/record-drawer.tsx";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Empty, Panel } from "../../shared/ui/parts.tsx";
import { type Column, Table } from "../../shared/ui/table.tsx";
import { type Kind, type RecordOf, useDeleteRecord, useRecords, useSaveRecord } from "./api/records.ts";

/** One kind of the set-up: its table, and the drawer in which one of them is made, changed or deleted. */
export function RecordList<K extends Kind, I extends object>(props: {
  readonly kind: K;
  readonly schema: TSchema;
  readonly columns: readonly Column<RecordOf<K>>[];
  readonly nameOf: (row: RecordOf<K>) => string;
  readonly blank: () => I;
  readonly inputOf: (row: RecordOf<K>) => I;
  readonly form: (row: RecordOf<K> | null) => ReactNode;
  readonly width?: number;
}) {
  const { t } = useText();
  const { kind } = props;
  const records = useRecords(kind);
  const save = useSaveRecord(kind);
  const remove = useDeleteRecord(kind);
  const [chosen, setChosen] = useState<RecordOf<K> | "new" | null>(null);
  const add = (
    <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => setChosen("new")}>
      {t(`telephony.add.${kind}`)}
    </Button>
  );
  const row = chosen === "new" ? null : chosen;
  return (
    <>
      <Loaded of={records}>
        {(list) => (
          <>
            <div className="filters">
              <span className="muted">{t("common.shown", { count: list.length })}</span>
              <span className="end">{list.length > 0 && add}</span>
            </div>
            <Panel flush>
              <Table
                label={t(`telephony.tab.${kind}`)}
                columns={props.columns}
                rows={list}
                rowKey={(each) => each.id}
                onOpen={setChosen}
                empty={
                  <Empty
                    icon="telephony"
                    title={t(`telephony.empty.${kind}`)}
                    hint={t(`telephony.empty.${kind}Hint`)}
                    action={add}
                  />
                }
              />
            </Panel>
          </>
        )}
      </Loaded>
      {chosen !== null && (
        <RecordDrawer
          key={row?.id ?? "new"}
          title={t(`telephony.${row === null ? "add" : "edit"}.${kind}`)}
          schema={props.schema}
          initial={row === null ? props.blank() : props.inputOf(row)}
          save={(body) => save.mutateAsync({ id: row?.id ?? null, body })}
          {...(row === null
            ? {}
            : {
                remove: {
                  ask: t("telephony.deleteAsk", { name: props.nameOf(row) }),
                  then: t(`telephony.deleteThen.${kind}`),
                  act: () => remove.mutateAsync(row.id),
                },
              })}
          onClose={() => setChosen(null)}
          {...(props.width === undefined ? {} : { width: props.width })}
        >
          {props.form(row)}
        </RecordDrawer>
      )}
    </>
  );
}
