import type { CallTrace } from "@intramuros/contracts/browser";
import { clockTime } from "../../shared/format/time.ts";
import { useText, wordFor } from "../../shared/i18n/use-text.ts";
import { Panel } from "../../shared/ui/parts.tsx";
import { traceWords } from "./trace-words.ts";

/** What each answer made of its offer, line by line; a difference is marked. */
export function SdpTable({ rows }: { readonly rows: CallTrace["sdp"] }) {
  const { t, language } = useText();
  const exchanges = Map.groupBy(rows, (row) => row.at);
  return (
    <Panel title={t("calls.sdp")} flush>
      <div className="table-scroll">
        <table className="table sdp-table">
          <thead>
            <tr>
              {(["field", "offer", "answer", "note"] as const).map((each) => (
                <th key={each} scope="col">
                  {t(`calls.sdpCol.${each}`)}
                </th>
              ))}
            </tr>
          </thead>
          {[...exchanges].map(([at, lines]) => (
            <tbody key={at}>
              {exchanges.size > 1 && (
                <tr>
                  <th colSpan={4} scope="rowgroup">
                    {clockTime(at, language)}
                  </th>
                </tr>
              )}
              {lines.map((line) => (
                <tr key={line.field} className={line.note === "" ? "" : "sdp-noted"}>
                  <th scope="row">{wordFor(t, "calls.sdpField", line.field)}</th>
                  <td>
                    <code>{line.offer || "—"}</code>
                  </td>
                  <td>
                    <code>{line.answer || "—"}</code>
                  </td>
                  <td>{traceWords(line.note, language)}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </Panel>
  );
}
