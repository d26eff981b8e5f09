import type { SessionReply } from "@intramuros/contracts/browser";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { Link, Outlet, useLocation, useNavigate, useSearchParams } from "react-router";
import { useOverview } from "../shared/api/overview.ts";
import { clockTime, duration } from "../shared/format/time.ts";
import { useText } from "../shared/i18n/use-text.ts";
import { useLiveState } from "../shared/live/live-context.tsx";
import { Icon, Logo } from "../shared/ui/icon.tsx";
import { useNow } from "../shared/ui/now.ts";
import { Key, Loading } from "../shared/ui/parts.tsx";
import { Toasts } from "../shared/ui/toast.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { commandOf } from "./keys.ts";
import { groupPages, PAGES, pageAt, pagesFor } from "./pages.ts";

const SearchDialog = lazy(async () => ({ default: (await import("./search-dialog.tsx")).SearchDialog }));
const CommissioningDialog = lazy(async () => ({
  default: (await import("../features/commissioning/commissioning-dialog.tsx")).CommissioningDialog,
}));
const KeysDialog = lazy(async () => ({ default: (await import("./keys-dialog.tsx")).KeysDialog }));

type User = NonNullable<SessionReply["user"]>;

export function Shell({ user, siteName }: { readonly user: User; readonly siteName: string }) {
  const { t } = useText();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [open, setOpen] = useState<"nothing" | "search" | "keys">("nothing");
  const [menuOpen, setMenuOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const pages = pagesFor(user.role);
  const here = pageAt(pathname);

  useKeys(
    useCallback(
      (key) => {
        const page = pagesFor(user.role).find((each) => each.key === key);
        if (page !== undefined) void navigate(page.path);
      },
      [navigate, user.role],
    ),
    setOpen,
  );
  useEffect(() => {
    document.title = here === undefined ? siteName : `${t(`shell.page.${here.id}`)} · ${siteName}`;
    setMenuOpen(false);
  }, [here, siteName, t]);

  return (
    <div className="shell">
      <button
        type="button"
        className="skip"
        onClick={() => {
          main.current?.focus();
        }}
      >
        {t("shell.skip")}
      </button>
      <aside className={`rail ${menuOpen ? "rail-open" : ""}`} id="rail">
        <Link to="/" className="brand">
          <Logo size={26} />
          <span className="brand-words">
            <strong>{siteName}</strong>
          </span>
        </Link>
        <button type="button" className="rail-search" onClick={() => setOpen("search")}>
          <Icon name="search" />
          <span>{t("shell.search")}</span>
          <Key>/</Key>
        </button>
        <nav aria-label={t("shell.menu")} className="rail-nav">
          {groupPages(pages).map(({ group, pages: inGroup }) => (
            <section key={group} className="rail-group">
              <h2 id={`rail-${group}`}>{t(`shell.nav.${group}`)}</h2>
              <ul aria-labelledby={`rail-${group}`}>
                {inGroup.map((page) => (
                  <li key={page.id}>
                    <Link to={page.path} className="rail-link" aria-current={here?.id === page.id ? "page" : undefined}>
                      <Icon name={page.id} />
                      <span>{t(`shell.page.${page.id}`)}</span>
                      <RailCount page={page.id} />
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </nav>
        <div className="rail-foot">
          <LiveMark />
          <AccountMenu user={user} onKeys={() => setOpen("keys")} />
        </div>
      </aside>
      <div className="stage">
        <button
          type="button"
          className="rail-toggle"
          aria-expanded={menuOpen}
          aria-controls="rail"
          onClick={() => setMenuOpen(!menuOpen)}
        >
          <Icon name="menu" size={18} />
          <span>{t("shell.menu")}</span>
        </button>
        <LostBanner />
        <main ref={main} tabIndex={-1} className="main" id="main">
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Toasts />
      <Suspense fallback={null}>
        {open === "search" && <SearchDialog role={user.role} onClose={() => setOpen("nothing")} />}
        {params.has("test-call") && <CommissioningDialog />}
        {open === "keys" && <KeysDialog pages={pages} onClose={() => setOpen("nothing")} />}
      </Suspense>
    </div>
  );
}

function useKeys(go: (key: string) => void, open: (what: "search" | "keys") => void): void {
  const gAt = useRef<number | null>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const command = commandOf({
        key: event.key,
        withModifier: event.ctrlKey || event.metaKey || event.altKey,
        inField: target.closest("input,textarea,select,[contenteditable=true],dialog,[role=dialog]") !== null,
        sinceG: gAt.current === null ? null : performance.now() - gAt.current,
      });
      gAt.current = null;
      switch (command.type) {
        case "nothing":
          return;
        case "await-letter":
          gAt.current = performance.now();
          return;
        case "go":
          if (!PAGES.some((page) => page.key === command.key)) return;
          event.preventDefault();
          go(command.key);
          return;
        case "search":
          event.preventDefault();
          open("search");
          return;
        case "help":
          event.preventDefault();
          open("keys");
          return;
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [go, open]);
}

/** How many wait behind a page, where somebody should look. */
function RailCount({ page }: { readonly page: string }) {
  const { data } = useOverview();
  if (data === undefined) return null;
  const count =
    page === "conversations" ? data.live.calls + data.live.chats : page === "callbacks" ? data.openTasks : 0;
  return count === 0 ? null : <span className="rail-count num">{count}</span>;
}

function LiveMark() {
  const { t } = useText();
  const live = useLiveState();
  const tone = live.at === "connected" ? "good" : live.at === "lost" ? "bad" : "quiet";
  const words =
    live.at === "connected"
      ? t("shell.live.connected")
      : live.at === "lost"
        ? t("shell.live.lostShort")
        : t("shell.live.connecting");
  return (
    <span className={`status status-${tone} live-mark`}>
      <span className="status-dot" aria-hidden="true" />
      {words}
    </span>
  );
}

/** Says that nothing moves any more, since when, and that calls go on. A blink of the network is not worth a banner. */
function LostBanner() {
  const { t, language } = useText();
  const live = useLiveState();
  const now = useNow();
  if (live.at !== "lost" || now - live.since < 2000) return null;
  return (
    <div className="lost" role="alert">
      <Icon name="alert" />
      {t("shell.live.lost", { since: clockTime(live.since, language), for: duration(now - live.since, language) })}
    </div>
  );
}
