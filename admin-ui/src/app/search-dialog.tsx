import {
  ArticlePageSchema,
  CallListSchema,
  ConversationPageSchema,
  CustomerPageSchema,
  type Role,
} from "@intramuros/contracts/browser";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useDeferredValue, useState } from "react";
import { useNavigate } from "react-router";
import type { Static, TSchema } from "typebox";
import { query, request } from "../shared/api/request.ts";
import { phoneFor } from "../shared/format/phone.ts";
import { useText } from "../shared/i18n/use-text.ts";
import { Dialog } from "../shared/ui/dialog.tsx";
import { Icon, type IconName } from "../shared/ui/icon.tsx";
import { pagesFor } from "./pages.ts";

interface Hit {
  readonly key: string;
  readonly group: string;
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly to: string;
}

/** Searches pages at once and records as one types; arrows choose, Enter goes. */
export function SearchDialog({ role, onClose }: { readonly role: Role; readonly onClose: () => void }) {
  const { t } = useText();
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState(0);
  const q = useDeferredValue(words.trim());
  const pages = pagesFor(role);
  const may = (id: string) => pages.some((page) => page.id === id);

  const found = useQuery<readonly Hit[]>({
    queryKey: ["search", q, role],
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<readonly Hit[]> => {
      const find = <T extends TSchema>(allowed: boolean, schema: T, path: string): Promise<Static<T> | null> =>
        allowed ? request(schema, `${path}${query({ q, limit: 5 })}`, { signal }) : Promise.resolve(null);
      const [conversations, customers, articles, calls] = await Promise.all([
        find(may("conversations"), ConversationPageSchema, "/api/conversations"),
        find(may("customers"), CustomerPageSchema, "/api/customers"),
        find(may("knowledge"), ArticlePageSchema, "/api/knowledge/articles"),
        find(may("calls"), CallListSchema, "/api/calls"),
      ]);
      return [
        ...(conversations?.items ?? []).map((item) => ({
          key: `c${item.id}`,
          group: "shell.searchConversations",
          icon: item.medium === "phone" ? ("phone" as const) : ("chat" as const),
          title: item.customerName || phoneFor(role, item.address),
          detail: item.lastText,
          to: `/conversations/${encodeURIComponent(item.id)}`,
        })),
        ...(customers?.items ?? []).map((item) => ({
          key: `u${item.id}`,
          group: "shell.searchCustomers",
          icon: "customers" as const,
          title: item.name || item.identities.map((identity) => phoneFor(role, identity.value)).join(", "),
          detail: item.note,
          to: `/customers/${encodeURIComponent(item.id)}`,
        })),
        ...(articles?.items ?? []).map((item) => ({
          key: `a${item.id}`,
          group: "shell.searchArticles",
          icon: "knowledge" as const,
          title: item.title,
          detail: item.questions[0] ?? "",
          to: `/knowledge?article=${encodeURIComponent(item.id)}`,
        })),
        ...(calls?.items ?? []).map((item) => ({
          key: `l${item.sipCallId}`,
          group: "shell.page.calls",
          icon: "calls" as const,
          title: `${phoneFor(role, item.from)} → ${phoneFor(role, item.to)}`,
          detail: item.sipCallId,
          to: `/calls/${encodeURIComponent(item.sipCallId)}`,
        })),
      ];
    },
  });

  // pages are found in the same key press; records follow
  const lower = words.trim().toLowerCase();
  const hits: readonly Hit[] = [
    ...pages
      .filter((page) => t(`shell.page.${page.id}`).toLowerCase().includes(lower))
      .map((page) => ({
        key: `p${page.id}`,
        group: "shell.searchPages",
        icon: page.id,
        title: t(`shell.page.${page.id}`),
        detail: "",
        to: page.path,
      })),
    ...(q === "" ? [] : (found.data ?? [])),
  ];
  const current = Math.min(chosen, Math.max(0, hits.length - 1));
  const go = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    onClose();
    void navigate(hit.to);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") go(hits[current]);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || hits.length === 0) return;
    event.preventDefault();
    setChosen((current + step + hits.length) % hits.length);
  };
  return (
    <Dialog label={t("shell.search")} onClose={onClose} className="search" bare>
      <div className="search-field">
        <Icon name="search" size={18} />
        <input
          autoFocus
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setChosen(0);
          }}
          onKeyDown={keys}
          placeholder={t("shell.searchHint")}
          aria-label={t("shell.search")}
          role="combobox"
          aria-expanded="true"
          aria-controls="search-hits"
          aria-activedescendant={hits.length === 0 ? undefined : `hit-${current}`}
          maxLength={200}
        />
      </div>
      <div id="search-hits" role="listbox" aria-label={t("shell.search")} className="search-hits">
        {hits.map((hit, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and moves the choice
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={hit.key}
            id={`hit-${place}`}
            role="option"
            aria-selected={place === current}
            className="search-hit"
            onClick={() => go(hit)}
            onPointerMove={() => setChosen(place)}
          >
            <Icon name={hit.icon} />
            <span className="search-title">{hit.title}</span>
            <span className="search-detail clip">{hit.detail}</span>
            <span className="muted">{t(hit.group)}</span>
          </div>
        ))}
      </div>
      {hits.length === 0 && !found.isFetching && (
        <p className="search-nothing">{t("shell.searchNothing", { q: words })}</p>
      )}
    </Dialog>
  );
}
