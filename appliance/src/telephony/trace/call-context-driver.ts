import type { LegMediaReport } from "@intramuros/contracts";
import type { Conversations } from "../../conversation/conversations-driver.ts";
import type { SetupStore } from "../setup-store.ts";
import type { TelephonyClient } from "../telephony-client.ts";
import { statusOfAll } from "../trunk-status.ts";
import type { AttemptContext } from "./attempt.ts";
import type { CallMedia, CallMediaReport } from "./call-media-client.ts";
import { type LadderNote, notesOf } from "./ladder-notes.ts";
import { type Peer, peerNames } from "./peer-names.ts";
import type { CapturedCall } from "./sip-capture-client.ts";
import type { ToldEnd } from "./verdict.ts";
import { hostOf } from "./wire.ts";

/** What others know of a call on the wire: whose peer it was, its conversation and how that ended, its audio. */
export interface CallContext {
  /** Looks up who stands behind an `address:port`. */
  peers(): Promise<(remote: string) => Peer>;
  /** By its own Call-ID, or by that of the customer's leg; then trunk and end are the customer's leg's, not its own. */
  linkOf(sipCallId: string, others: readonly string[]): Promise<AttemptContext["conversation"]>;
  /** What happened in a conversation between the messages. */
  notesOf(conversationId: string): Promise<readonly LadderNote[]>;
  /** What telephony measured of this attempt, and the Call-IDs of the other legs. */
  mediaOf(call: CapturedCall): Promise<CallMediaReport>;
}

export interface CallContextDeps {
  readonly media: CallMedia;
  readonly conversations: Pick<Conversations, "linkOfCall" | "detail">;
  readonly setup: Pick<SetupStore, "records">;
  readonly telephony: Pick<TelephonyClient, "status" | "trunkStatus">;
  readonly now: () => number;
}

const ENDED_KEPT = 2000;
const USED_FOR_MS = 10_000;
export const NO_MEDIA: CallMediaReport = { legs: [], sipCallIds: [] };

export function openCallContext(deps: CallContextDeps): CallContext {
  /** What can change no more: the ends of conversations, and the audio of calls that are over. */
  const ends = keepLatest<ToldEnd>();
  const audio = keepLatest<CallMediaReport>();
  let used: { readonly at: number; readonly places: Parameters<typeof peerNames>[2] } | null = null;

  const toldEnd = async (conversationId: string): Promise<ToldEnd | null> => {
    const known = ends.get(conversationId);
    if (known !== undefined) return known;
    const events = (await deps.conversations.detail(conversationId))?.events ?? [];
    const body = events.map((event) => event.body).findLast((item) => item.type === "contact-ended");
    if (body?.type !== "contact-ended") return null;
    const told = { side: body.side, reason: body.reason, sipCode: body.sipCode ?? 0, q850: body.q850 ?? 0 };
    ends.set(conversationId, told);
    return told;
  };

  return {
    async peers() {
      const setup = deps.setup.records();
      if (used === null || deps.now() - used.at > USED_FOR_MS) {
        const json = await deps.telephony.trunkStatus("").catch(() => "[]");
        const places = statusOfAll(setup.trunks, { json }).flatMap(({ trunkId, peers }) =>
          peers.map(({ address }) => ({ trunkId, address })),
        );
        used = { at: deps.now(), places };
      }
      const find = peerNames(setup, deps.telephony.status()?.phones ?? [], used.places);
      return (remote) => find(hostOf(remote), Number(/\d+$/.exec(remote)?.[0] ?? 0));
    },
    async linkOf(sipCallId, others) {
      const own = await deps.conversations.linkOfCall(sipCallId);
      if (own !== undefined) return { ...own, told: await toldEnd(own.id) };
      for (const other of others) {
        const link = await deps.conversations.linkOfCall(other);
        if (link !== undefined) return { id: link.id, trunkId: "", told: null };
      }
      return null;
    },
    notesOf: async (conversationId) => notesOf((await deps.conversations.detail(conversationId))?.events ?? []),
    async mediaOf(call) {
      const answered = call.finalStatus >= 200 && call.finalStatus < 300;
      // An inbound call that was refused had neither audio nor other legs.
      if (!answered && call.direction === "inbound") return NO_MEDIA;
      const known = audio.get(call.callId);
      if (known !== undefined) return known;
      const report = (await deps.media.of(call.callId)) ?? NO_MEDIA;
      const own = {
        ...report,
        legs: report.legs.filter(({ sipCallId }) => sipCallId === call.callId).map(withoutSamples),
      };
      if (call.endMs > 0 && own.sipCallIds.length > 0) audio.set(call.callId, own);
      return own;
    },
  };
}

/** The list shows figures of the whole call; the curve of a long one is large. */
const withoutSamples = (leg: LegMediaReport): LegMediaReport => ({
  ...leg,
  in: { ...leg.in, samples: [] },
  out: { ...leg.out, samples: [] },
});

function keepLatest<T>(): { get(key: string): T | undefined; set(key: string, value: T): void } {
  const kept = new Map<string, T>();
  return {
    get: (key) => kept.get(key),
    set(key, value) {
      kept.delete(key);
      kept.set(key, value);
      const oldest = kept.keys().next().value;
      if (kept.size > ENDED_KEPT && oldest !== undefined) kept.delete(oldest);
    },
  };
}
