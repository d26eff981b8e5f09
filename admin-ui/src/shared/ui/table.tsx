import type { KeyboardEvent, ReactNode } from "react";
import { useNavigate } from "react-router";

export interface Column<T> {
  readonly key: string;
  readonly title: ReactNode;
  readonly render: (row: T) => ReactNode;
  readonly align?: "end";
  readonly width?: string;
  /** Hidden on narrow screens. */
  readonly wide?: boolean;
}

/**
 * A plain table that reads well aloud and moves by keyboard: ↓ ↑ between rows, Enter opens. The first cell of a row that
 * leads somewhere holds its link, so that it opens in a new tab as links do.
 */
export function Table<T>(props: {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly rowClass?: (row: T) => string;
  readonly to?: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  readonly empty?: ReactNode;
}) {
  const navigate = useNavigate();
  if (props.rows.length === 0 && props.empty !== undefined) return props.empty;
  const opens = props.to !== undefined || props.onOpen !== undefined;
  const open = (row: T) => {
    if (props.onOpen !== undefined) props.onOpen(row);
    else if (props.to !== undefined) void navigate(props.to(row));
  };
  const move = (event: KeyboardEvent<HTMLTableRowElement>, row: T) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter") open(row);
    const next =
      event.key === "ArrowDown" || event.key === "j"
        ? event.currentTarget.nextElementSibling
        : event.key === "ArrowUp" || event.key === "k"
          ? event.currentTarget.previousElementSibling
          : null;
    if (next instanceof HTMLElement) {
      event.preventDefault();
      next.focus();
    }
  };
  return (
    <div className="table-scroll">
      <table className="table" aria-label={props.label}>
        <colgroup>
          {props.columns.map((column) => (
            <col
              key={column.key}
              className={column.wide ? "wide-only" : undefined}
              style={column.width === undefined ? undefined : { width: column.width }}
            />
          ))}
        </colgroup>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={`${column.align === "end" ? "cell-end" : ""} ${column.wide ? "wide-only" : ""}`}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr
              key={props.rowKey(row)}
              className={`${opens ? "row-opens" : ""} ${props.rowClass?.(row) ?? ""}`}
              {...(opens
                ? {
                    tabIndex: 0,
                    onClick: (event) => {
                      if ((event.target as HTMLElement).closest("a,button,input,label,audio") === null) open(row);
                    },
                    onKeyDown: (event) => move(event, row),
                  }
                : {})}
            >
              {props.columns.map((column) => (
                <td
                  key={column.key}
                  className={`${column.align === "end" ? "cell-end" : ""} ${column.wide ? "wide-only" : ""}`}
                >
                  {column.render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
