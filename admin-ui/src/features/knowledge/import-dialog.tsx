import Button from "antd/es/button";
import Segmented from "antd/es/segmented";
import { useState } from "react";
import { TextArea } from "../../shared/form/text-area.tsx";
import { useText } from "../../shared/i18n/use-text.ts";
import { Dialog } from "../../shared/ui/dialog.tsx";
import { FaultNotice } from "../../shared/ui/fault-notice.tsx";
import { toast } from "../../shared/ui/toast.tsx";
import { useImportArticles } from "./api/import-articles.ts";

type Format = "csv" | "markdown";

/** Check first, then import: a file with one fault imports nothing. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const [format, setFormat] = useState<Format>("csv");
  const [text, setText] = useState("");
  const check = useImportArticles();
  const work = useImportArticles();
  const found = check.data;
  const ready = found !== undefined && found.problems.length === 0 && found.imported > 0;
  const change = (next: string) => {
    setText(next);
    check.reset();
  };
  const readFile = async (file: File | undefined) => {
    if (file === undefined) return;
    if (/\.(md|markdown)$/i.test(file.name)) setFormat("markdown");
    if (/\.csv$/i.test(file.name)) setFormat("csv");
    change(await file.text());
  };
  return (
    <Dialog label={t("knowledge.importTitle")} onClose={onClose} className="import">
      <div className="dialog-body stack">
        <div className="import-row">
          <Segmented<Format>
            aria-label={t("knowledge.importFormat")}
            value={format}
            onChange={(value) => {
              setFormat(value === "markdown" ? "markdown" : "csv");
              check.reset();
            }}
            options={[
              { value: "csv", label: "CSV" },
              { value: "markdown", label: "Markdown" },
            ]}
          />
          <label className="file-choice">
            <input
              type="file"
              accept=".csv,.md,.markdown,.txt,text/csv,text/markdown"
              onChange={(event) => void readFile(event.target.files?.[0])}
            />
            <span>{t("knowledge.importFile")}</span>
          </label>
        </div>
        <p className="subtle">{t(format === "csv" ? "knowledge.importHelpCsv" : "knowledge.importHelpMarkdown")}</p>
        <TextArea
          aria-label={t("knowledge.importPaste")}
          placeholder={t("knowledge.importPaste")}
          lines={7}
          maxLines={14}
          className="mono"
          value={text}
          maxLength={2_000_000}
          onChange={(event) => change(event.target.value)}
        />
        {(check.error ?? work.error) && <FaultNotice error={check.error ?? work.error} kept />}
        {found !== undefined && found.problems.length > 0 && (
          <div role="alert">
            <p className="warn-words">{t("knowledge.importProblems", { count: found.problems.length })}</p>
            <ul className="problems">
              {found.problems.slice(0, 100).map((each) => (
                <li key={`${each.line}${each.problem}`}>
                  <span className="num muted">{t("knowledge.importLine", { line: each.line })}</span> {each.problem}
                </li>
              ))}
            </ul>
          </div>
        )}
        {ready && <p role="status">{t("knowledge.importGood", { count: found.imported })}</p>}
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        {ready ? (
          <Button
            type="primary"
            loading={work.isPending}
            onClick={() =>
              work.mutate(
                { format, text },
                {
                  onSuccess: (reply) => {
                    toast(t("knowledge.imported", { count: reply.imported }));
                    onClose();
                  },
                },
              )
            }
          >
            {t("knowledge.importGo", { count: found.imported })}
          </Button>
        ) : (
          <Button
            type="primary"
            disabled={text.trim() === ""}
            loading={check.isPending}
            onClick={() => check.mutate({ format, text, dryRun: true })}
          >
            {t("knowledge.importCheck")}
          </Button>
        )}
      </footer>
    </Dialog>
  );
}
