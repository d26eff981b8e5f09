import { bytes, duration, type Language, latency } from "../../shared/format/time.ts";
import { type Words, wordFor } from "../../shared/i18n/use-text.ts";
import type { IconName } from "../../shared/ui/icon.tsx";
import type { MarkBody } from "./transcript.ts";

export interface MarkWords {
  readonly icon: IconName;
  readonly tone: "quiet" | "warn" | "bad" | "good" | "info";
  readonly text: string;
  readonly detail: string;
}

/** Reasons come as short English sentences; the known ones have words of their own. */
export function prose(t: Words, reason: string): string {
  const slug = reason.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return wordFor(t, "conversation.reasons", slug.replace(/^-|-$/g, ""), { defaultValue: reason });
}

/** What happened, in a line. `address` groups and masks numbers by the reader's role. */
export function wordsOf(
  body: MarkBody,
  {
    t,
    language,
    address,
  }: { readonly t: Words; readonly language: Language; readonly address: (raw: string) => string },
): MarkWords {
  const quiet = (icon: IconName, text: string, detail = ""): MarkWords => ({ icon, tone: "quiet", text, detail });
  const key = (name: string, values?: Record<string, unknown>) => t(`conversation.event.${name}`, { ...values });
  const reason = (code: string) => wordFor(t, "conversation.handoffReason", code, { defaultValue: prose(t, code) });
  switch (body.type) {
    case "contact-started":
      return quiet(
        body.medium === "phone" ? "phone" : "chat",
        key(`contact-started-${body.medium}`, { from: address(body.from), to: address(body.to) }),
        body.trunkName ?? "",
      );
    case "barge-in":
      return { ...quiet("bolt", key("barge-in", { ms: latency(body.stoppedAfterMs, language) })), tone: "info" };
    case "no-input":
      return quiet("info", key("no-input", { count: body.count }));
    case "policy-applied":
      return {
        icon: "emotion-policy",
        tone: "warn",
        text: key("policy-applied", { rule: body.rule, action: wordFor(t, "conversation.policyAction", body.action) }),
        detail: t(`conversation.mood.${body.emotion}`),
      };
    case "handoff-requested":
      return {
        icon: "hand",
        tone: "info",
        text: key("handoff-requested", { queue: body.queueName || body.queueId }),
        detail: reason(body.reason),
      };
    case "ringing":
      return quiet("ring", key("ringing", { phone: body.phoneName }));
    case "agent-joined":
      return { ...quiet("person", key("agent-joined", { agent: body.agentName })), tone: "good" };
    case "handoff-failed":
      return { icon: "alert", tone: "warn", text: key("handoff-failed"), detail: reason(body.reason) };
    case "message-taken":
      return {
        icon: "callbacks",
        tone: "info",
        text: key("message-taken", { duration: duration(body.durationMs, language) }),
        detail: body.transcript,
      };
    case "task-created":
      return quiet("callbacks", key("task-created"));
    case "hold-changed":
      return quiet(body.onHold ? "pause" : "play", key(body.onHold ? "hold-on" : "hold-off"));
    case "degraded":
      return {
        icon: "alert",
        tone: "warn",
        text: key("degraded", { reason: prose(t, body.reason) }),
        detail: body.hint,
      };
    case "file-received":
      return quiet("file", key("file-received", { name: body.name, size: bytes(body.sizeBytes) }));
    case "contact-ended":
      return {
        icon: "end",
        tone: body.side === "carrier" || body.side === "unknown" ? "warn" : "quiet",
        text: key("contact-ended", {
          side: t(`conversation.side.${body.side}`),
          duration: duration(body.durationMs, language),
        }),
        detail: [
          prose(t, body.reason),
          body.sipCode === undefined ? "" : `SIP ${body.sipCode}`,
          body.q850 === undefined ? "" : `Q.850 ${body.q850}`,
        ]
          .filter((part) => part !== "")
          .join(" · "),
      };
    case "ended":
      return {
        icon: "check",
        tone: body.outcome === "failed" ? "bad" : body.outcome === "abandoned" ? "warn" : "good",
        text: key("ended", { outcome: t(`conversation.outcome.${body.outcome}`) }),
        detail: "",
      };
  }
}
