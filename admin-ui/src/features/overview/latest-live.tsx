import type { ConversationSummary } from "@intramuros/contracts/browser";
import { Link } from "react-router";
import { useLiveConversations } from "../../shared/api/conversations.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { usePartial } from "../../shared/live/live-context.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Address, Badge, Empty, moodClass, Panel, Stopwatch } from "../../shared/ui/parts.tsx";

const SHOWN = 6;

export function LatestLive() {
  const { t } = useText();
  const live = useLiveConversations();
  return (
    <Panel title={t("overview.latest")} extra={<Link to="/conversations">{t("overview.latestAll")}</Link>} flush>
      <Loaded of={live}>
        {(list) => {
          const shown = list.filter((row) => row.state === "live").slice(0, SHOWN);
          if (shown.length === 0)
            return (
              <Empty icon="conversations" title={t("overview.latestEmpty")} hint={t("overview.latestEmptyHint")} />
            );
          return (
            <ul>
              {shown.map((row) => (
                <li key={row.id}>
                  <LatestRow row={row} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function LatestRow({ row }: { readonly row: ConversationSummary }) {
  const { t } = useText();
  const partial = usePartial(row.id);
  return (
    <Link className="latest-row" to={`/conversations/${encodeURIComponent(row.id)}`}>
      <span className={`line ${moodClass(row.mood)}`} aria-hidden="true" />
      <span className="latest-who">
        <Icon name={row.medium === "phone" ? "phone" : "chat"} size={14} />
        <strong className="clip">{row.customerName || <Address value={row.address} />}</strong>
        <Badge tone={row.handler === "queue" ? "warn" : row.handler === "agent" ? "info" : "quiet"}>
          {t(`conversation.handler.${row.handler}`)}
        </Badge>
        {row.mood !== undefined && !row.mood.abstained && row.mood.label !== "neutral" && (
          <span className="muted">{t(`conversation.mood.${row.mood.label}`)}</span>
        )}
      </span>
      <span className="muted">
        <Stopwatch from={row.startedAt} to={row.endedAt} />
      </span>
      <span className="latest-words clip">{partial?.text || row.lastText || "…"}</span>
    </Link>
  );
}
