import type { Article } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Popconfirm from "antd/es/popconfirm";
import Switch from "antd/es/switch";
import { useDeferredValue, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { asFault } from "../../shared/api/fault.ts";
import { useRole } from "../../shared/api/session.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { useFaultText } from "../../shared/ui/fault-notice.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Choice, List, SearchBox, usePages } from "../../shared/ui/list.tsx";
import { Badge, PageHead, Time } from "../../shared/ui/parts.tsx";
import type { Column } from "../../shared/ui/table.tsx";
import { toast } from "../../shared/ui/toast.tsx";
import { useUrlFilter } from "../../shared/ui/url-filter.ts";
import { useArticles, useDeleteSeed, useSaveArticle } from "./api/articles.ts";
import { ArticleDrawer } from "./article-drawer.tsx";
import { sortArticles } from "./article-order.ts";
import { ImportDialog } from "./import-dialog.tsx";
import { TryBox } from "./try-box.tsx";
import "./knowledge.css";

export function KnowledgePage() {
  const { t, language: own } = useText();
  const role = useRole();
  const may = role === "administrator" || role === "supervisor";
  const [params, setParams] = useSearchParams();
  const [words, setWords] = useUrlFilter("q");
  const [language, setLanguage] = useUrlFilter("language");
  const [tag, setTag] = useUrlFilter("tag");
  const [state, setState] = useUrlFilter("state");
  const [importing, setImporting] = useState(false);
  const q = useDeferredValue(words.trim());
  const articles = useArticles({ q, language, tag });
  const list = usePages(articles);
  const all = list.rows;
  const rows = useMemo(() => all && sortArticles(all, { state, first: own }), [all, state, own]);
  const tags = useMemo(() => [...new Set(all?.flatMap((row) => row.tags) ?? [])].sort(), [all]);
  const seeds = all?.filter((row) => row.seed).length ?? 0;
  const chosen = params.get("article");
  const choose = (id: string | null, question?: string) =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      next.delete("question");
      if (id === null) next.delete("article");
      else next.set("article", id);
      if (question !== undefined) next.set("question", question);
      return next;
    });
  const filtered = q !== "" || language !== "" || tag !== "" || state !== "";
  const columns = useColumns(may);
  return (
    <>
      <PageHead
        title={t("shell.page.knowledge")}
        lead={t("knowledge.lead")}
        actions={
          may && (
            <>
              <Button icon={<Icon name="upload" size={14} />} onClick={() => setImporting(true)}>
                {t("knowledge.import")}
              </Button>
              <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => choose("new")}>
                {t("knowledge.add")}
              </Button>
            </>
          )
        }
      />
      <div className="knowledge-grid">
        <div>
          {may && seeds > 0 && !filtered && <SeedBanner count={seeds} />}
          <List
            label={t("shell.page.knowledge")}
            filters={
              <>
                <SearchBox label={t("knowledge.search")} value={words} set={setWords} />
                <Choice
                  label={t("knowledge.languageAll")}
                  value={language}
                  set={setLanguage}
                  options={(["zh", "en"] as const).map((each) => [each, t(`common.lang.${each}`)])}
                />
                <Choice
                  label={t("knowledge.tagAll")}
                  value={tag}
                  set={setTag}
                  options={[...new Set([...tags, ...(tag === "" ? [] : [tag])])].map((each) => [each, each])}
                />
                <Choice
                  label={t("knowledge.stateAll")}
                  value={state}
                  set={setState}
                  options={[
                    ["enabled", t("common.enabled")],
                    ["disabled", t("common.disabled")],
                    ["seed", t("knowledge.seed")],
                  ]}
                />
              </>
            }
            of={{ ...list, rows }}
            columns={columns}
            rowKey={(row) => row.id}
            rowClass={(row) => (row.enabled ? "" : "row-off")}
            onOpen={(row) => choose(row.id)}
            filtered={filtered}
            empty={{
              icon: "knowledge",
              title: t("knowledge.empty"),
              hint: t("knowledge.emptyHint"),
              action: may && (
                <Button type="primary" onClick={() => choose("new")}>
                  {t("knowledge.add")}
                </Button>
              ),
            }}
          />
        </div>
        <TryBox onOpen={choose} onNew={may ? (question) => choose("new", question) : null} />
      </div>
      {chosen !== null && (
        <ArticleDrawer
          key={chosen}
          id={chosen === "new" ? null : chosen}
          question={params.get("question") ?? ""}
          readOnly={!may}
          onClose={() => choose(null)}
        />
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </>
  );
}

function useColumns(may: boolean): readonly Column<Article>[] {
  const { t } = useText();
  return [
    {
      key: "title",
      title: t("knowledge.col.title"),
      render: (row) => (
        <div>
          <span className="article-title">
            {row.title}
            <Badge>{t(`common.lang.${row.language}`)}</Badge>
            {row.seed && <Badge tone="info">{t("knowledge.seed")}</Badge>}
          </span>
          <span className="subtle clip-2">
            {row.questions[0]}
            {row.questions.length > 1 && ` · ${t("knowledge.questionsCount", { count: row.questions.length })}`}
          </span>
        </div>
      ),
    },
    {
      key: "tags",
      title: t("knowledge.col.tags"),
      wide: true,
      width: "20%",
      render: (row) => (
        <span className="chips">
          {row.tags.map((each) => (
            <Badge key={each}>{each}</Badge>
          ))}
        </span>
      ),
    },
    {
      key: "updated",
      title: t("knowledge.col.updated"),
      wide: true,
      width: "105px",
      render: (row) => (
        <span className="muted">
          <Time at={row.updatedAt} as="ago" />
        </span>
      ),
    },
    {
      key: "state",
      title: t("knowledge.col.state"),
      align: "end",
      width: "80px",
      render: (row) => <EnabledSwitch article={row} may={may} />,
    },
  ];
}

function EnabledSwitch({ article, may }: { readonly article: Article; readonly may: boolean }) {
  const { t } = useText();
  const save = useSaveArticle();
  const words = useFaultText();
  return (
    <Switch
      size="small"
      checked={article.enabled}
      disabled={!may}
      loading={save.isPending}
      aria-label={`${t("knowledge.enabled")}: ${article.title}`}
      onChange={(enabled) => {
        const { title, language, questions, answer, spokenAnswer, tags } = article;
        save.mutate(
          { id: article.id, body: { title, language, questions, answer, spokenAnswer, tags, enabled } },
          { onSuccess: () => toast(t("common.saved")), onError: (error) => toast(words(asFault(error)).title) },
        );
      }}
    />
  );
}

function SeedBanner({ count }: { readonly count: number }) {
  const { t } = useText();
  const remove = useDeleteSeed();
  return (
    <div className="seed">
      <Icon name="info" />
      <span>{t("knowledge.seedBanner", { count })}</span>
      <Popconfirm
        title={t("knowledge.seedDeleteAsk")}
        description={<div className="ask-then">{t("knowledge.seedDeleteThen")}</div>}
        okText={t("common.delete")}
        okButtonProps={{ danger: true }}
        onConfirm={() => remove.mutateAsync().then(() => toast(t("common.deleted")))}
      >
        <Button size="small">{t("knowledge.seedDelete")}</Button>
      </Popconfirm>
    </div>
  );
}
