import type {
  AuditEntry,
  CommissioningReport,
  ConversationDetail,
  ConversationEvent,
  Language,
} from "@intramuros/contracts";

/** What the caller itself saw and measured. Times in milliseconds since the INVITE, except where they are spans. */
export interface CallFacts {
  readonly startedAtUnixMs: number;
  readonly sipCallId: string;
  readonly to: string;
  readonly language: Language;
  readonly said: string;
  readonly digits: readonly string[];
  readonly ladder: CommissioningReport["ladder"];
  readonly refusal: string | null;
  readonly setupMs: number;
  readonly greetingMs: number;
  /** Last voiced sample sent → first voiced audio of the answer. NaN: no answer was heard. */
  readonly responseMs: number;
  readonly heard: string;
  readonly media: CommissioningReport["media"];
}

/** What the appliance remembers of the call. */
export interface CallEvidence {
  readonly detail: ConversationDetail | null;
  readonly audit: readonly AuditEntry[];
  readonly articleTitle: string | null;
  readonly problem: string;
}

type Body<T extends ConversationEvent["body"]["type"]> = Extract<ConversationEvent["body"], { type: T }>;

/** Decides whether the call was answered, understood and audited, and says what is wrong in sentences. */
export function makeReport(facts: CallFacts, evidence: CallEvidence): CommissioningReport {
  const events = evidence.detail?.events ?? [];
  const customer = lastOf(
    events,
    "customer-said",
    (body) => body.text !== "" && (facts.digits.length > 0 || body.via === "speech"),
  );
  const reply = customer === null ? null : replyTo(events, customer);
  const playback =
    reply === null ? null : lastOf(events, "playback-started", (body) => body.sayId === reply.body.sayId);
  const answered = facts.refusal === null;
  const understood = customer !== null && reply !== null && isAnswer(reply.body);
  const entry = evidence.audit.find((item) => item.result === "success");
  const audited = entry !== undefined;
  const problems = [
    ...(facts.refusal === null ? [] : [facts.refusal]),
    ...(answered ? notUnderstood(facts, events, customer, reply) : []),
    ...(answered && Number.isNaN(facts.responseMs) ? ["no answer was heard within 12 s of the question"] : []),
    ...(evidence.problem === "" ? [] : [evidence.problem]),
    ...(answered && evidence.problem === "" && !audited
      ? ["there is no entry in the audit log for this conversation"]
      : []),
  ];
  const emotion = customer?.body.emotion;
  const spans =
    customer === null
      ? null
      : { endpoint: customer.body.endpointMs ?? 0, recognition: customer.body.recognitionMs ?? 0 };
  const synthesis = playback?.body.synthesisMs ?? 0;
  const inside = playback?.body.responseMs ?? 0;
  return {
    ok: problems.length === 0 && answered && understood && audited,
    problems,
    answered,
    understood,
    audited,
    sipCallId: facts.sipCallId,
    to: facts.to,
    language: facts.language,
    spoken: facts.said,
    transcripts: transcriptsOf(events, facts.startedAtUnixMs),
    heard: facts.heard,
    ...(emotion === undefined
      ? {}
      : {
          emotion: {
            label: emotion.label,
            probability: emotion.probabilities[emotion.label] ?? 0,
            abstained: emotion.abstained,
          },
        }),
    ...(reply?.body.articleId === undefined
      ? {}
      : { article: { id: reply.body.articleId, title: evidence.articleTitle ?? "", score: reply.body.score ?? 0 } }),
    ladder: [...facts.ladder],
    latencyMs: {
      setup: round(facts.setupMs),
      greeting: round(facts.greetingMs),
      endpoint: spans?.endpoint ?? 0,
      recognition: spans?.recognition ?? 0,
      dialogue: spans === null ? 0 : Math.max(0, inside - spans.endpoint - spans.recognition - synthesis),
      synthesis,
      response: Number.isNaN(facts.responseMs) ? -1 : round(facts.responseMs),
    },
    media: facts.media,
    ...(entry === undefined ? {} : { auditSeq: entry.seq }),
    ...(evidence.detail === null ? {} : { conversationId: evidence.detail.conversation.id }),
  };
}

const round = (ms: number): number => (Number.isFinite(ms) ? Math.round(ms) : -1);

interface Found<T extends ConversationEvent["body"]["type"]> {
  readonly seq: number;
  readonly body: Body<T>;
}

function lastOf<T extends ConversationEvent["body"]["type"]>(
  events: readonly ConversationEvent[],
  type: T,
  fits: (body: Body<T>) => boolean,
): Found<T> | null {
  const found = events.findLast((event) => event.body.type === type && fits(event.body as Body<T>));
  return found === undefined ? null : { seq: found.seq, body: found.body as Body<T> };
}

function replyTo(
  events: readonly ConversationEvent[],
  customer: Found<"customer-said">,
): Found<"assistant-said"> | null {
  const found = events.find((event) => event.seq > customer.seq && event.body.type === "assistant-said");
  return found === undefined ? null : { seq: found.seq, body: found.body as Body<"assistant-said"> };
}

/** An answer, as opposed to asking back: an article, small talk, a person, or the keypad's own text. */
function isAnswer(body: Body<"assistant-said">): boolean {
  switch (body.reason) {
    case "answer":
      return body.articleId !== undefined;
    case "small-talk":
    case "offer-person":
    case "handoff":
    case "goodbye":
    case "menu":
    case "message":
      return true;
    case "greeting":
    case "clarify":
    case "no-match":
    case "no-input":
      return false;
  }
}

function notUnderstood(
  facts: CallFacts,
  events: readonly ConversationEvent[],
  customer: Found<"customer-said"> | null,
  reply: Found<"assistant-said"> | null,
): readonly string[] {
  if (customer === null) {
    const degraded = lastOf(events, "degraded", () => true);
    if (degraded !== null)
      return [
        `the caller was not recognised: ${degraded.body.reason}. ${degraded.body.hint}; the keypad works: try --digits 1`,
      ];
    return facts.digits.length > 0 ? ["the keys did not arrive"] : ["the caller's words did not arrive as text"];
  }
  if (reply === null) return ["the caller was recognised, but the assistant did not answer"];
  return isAnswer(reply.body) ? [] : [`the assistant did not find an answer (it said: ${reply.body.reason})`];
}

function transcriptsOf(events: readonly ConversationEvent[], startedAt: number): CommissioningReport["transcripts"] {
  return events.flatMap((event): CommissioningReport["transcripts"] => {
    if (event.body.type === "customer-said")
      return [{ who: "caller", text: event.body.text, atMs: event.at - startedAt }];
    if (event.body.type === "assistant-said")
      return [{ who: "assistant", text: event.body.text, atMs: event.at - startedAt }];
    return [];
  });
}
