import { performance } from "node:perf_hooks";
import type { CodecName } from "../rtp/rtp-endpoint.ts";
import type { RtpPortPool } from "../rtp/rtp-endpoint-driver.ts";
import type { CallerIdentity, PassedHeaders } from "../trunk/caller-identity.ts";
import { huntsOn } from "../trunk/hunting.ts";
import { type Destination, identityHeaders, numberDestination, uriDestination } from "../trunk/outbound.ts";
import { inviteTerms } from "../trunk/session-terms.ts";
import type { TrunkMessage } from "../trunk/set-up.ts";
import { LegMedia, type LegMediaOptions } from "./leg-media-driver.ts";
import { sdpAddressOf, termsOf } from "./media-terms.ts";
import { ALLOW, type SipDialog, type SipReply } from "./sip-types.ts";
import type { TrunkAttempt } from "./trunk-caller-driver.ts";
import type { TrunkCallTicket, TrunkHop, Trunks } from "./trunks-driver.ts";

/** One call through a trunk to a number behind it: its peers in turn until one takes it, with its own audio. */
export interface TrunkCallListener {
  onRinging(): void;
  /** What the callee's network plays before the answer can be heard at the media; null: not any more. */
  onEarlyMedia(media: LegMedia | null): void;
  onAnswered(dialog: SipDialog, media: LegMedia): void;
  onFailed(reason: string, sipCode: number): void;
}

export interface TrunkCallDeps {
  readonly trunks: Trunks;
  readonly pool: RtpPortPool;
  /** Written in SDP where the trunk names no address of its own; empty: our own. */
  readonly publicAddress: string;
}

export interface TrunkCallOrder {
  readonly trunk: TrunkMessage;
  readonly number: string;
  readonly caller: CallerIdentity;
  readonly passed: PassedHeaders;
  readonly preference: readonly CodecName[];
  readonly ringMs: number;
  /** Where the figures and packets of its audio are kept. */
  readonly record?: LegMediaOptions["record"];
}

/** A peer that says nothing for so long is asked by OPTIONS whether it is there at all; Timer B alone would take 32 s. */
const DOUBT_MS = 2000;
const MAX_REDIRECTS = 3;

type Outcome =
  | { readonly type: "answered" }
  | { readonly type: "failed"; readonly sipCode: number; readonly reason: string; readonly moved: string | null }
  | { readonly type: "cancelled" };

export class TrunkCall {
  readonly #deps: TrunkCallDeps;
  readonly #order: TrunkCallOrder;
  readonly #listener: TrunkCallListener;
  readonly #startedAt = performance.now();
  #attempt: TrunkAttempt | null = null;
  #media: LegMedia | null = null;
  #ticket: TrunkCallTicket | null = null;
  #dialledMs: number | null = null;
  #answeredAt: number | null = null;
  #ringTimer: NodeJS.Timeout | null = null;
  #isOver = false;
  #isHeard = false;
  #settle: ((outcome: Outcome) => void) | null = null;

  constructor(deps: TrunkCallDeps, order: TrunkCallOrder, listener: TrunkCallListener) {
    this.#deps = deps;
    this.#order = order;
    this.#listener = listener;
  }

  get trunkId(): string {
    return this.#order.trunk.id;
  }

  start(): void {
    const ticket = this.#deps.trunks.begin(this.trunkId, "outbound");
    if (typeof ticket === "string") {
      this.#deps.trunks.refused(this.trunkId, 503);
      queueMicrotask(() => this.#failed(ticket, 503));
      return;
    }
    this.#ticket = ticket;
    this.#ringTimer = setTimeout(() => this.#giveUp(480, "nobody answered"), this.#order.ringMs);
    this.#hunt().catch((error: unknown) => {
      this.#failed(error instanceof Error ? error.message : "the call could not be made", 500);
    });
  }

  /** Not wanted any more. The listener hears nothing more. */
  cancel(): void {
    this.#giveUp(487, null);
  }

  /** The answered call is over. */
  ended(): void {
    const talkedMs = this.#answeredAt === null ? 0 : Math.round(performance.now() - this.#answeredAt);
    this.#ticket?.end({ sipCode: this.#answeredAt === null ? 487 : 200, talkedMs, dialMs: this.#dialledMs });
  }

  async #hunt(): Promise<void> {
    const { trunk, number } = this.#order;
    const hops = this.#deps.trunks.hops(this.trunkId);
    let last = { sipCode: 503, reason: noHop(trunk) };
    for (const hop of hops) {
      let destination = numberDestination(trunk, hop.hop, number);
      for (let redirects = 0; ; redirects++) {
        const outcome = await this.#try(hop, destination);
        if (outcome.type !== "failed") return;
        last = { sipCode: outcome.sipCode, reason: outcome.reason };
        if (outcome.moved === null || redirects >= MAX_REDIRECTS || this.#isOver) break;
        // Whatever it names, it is reached by way of the peer: a redirection must not lead us to strangers.
        destination = uriDestination(trunk, hop.hop, outcome.moved);
      }
      await this.#closeMedia();
      if (this.#isOver) return;
      if (!huntsOn(trunk.session.huntCodes, last.sipCode)) break;
    }
    this.#failed(last.reason, last.sipCode);
  }

  /** One peer; resolves when it answered, refused, or nothing came of it. */
  async #try(hop: TrunkHop, destination: Destination): Promise<Outcome> {
    const { trunk, caller, passed } = this.#order;
    const media = await this.#openMedia(hop);
    if (this.#isOver || media === null) {
      return this.#isOver
        ? { type: "cancelled" }
        : { type: "failed", sipCode: 503, reason: "no listener of ours can reach the PBX", moved: null };
    }
    const { session } = trunk;
    // Reliable responses to a late offer would ask for an answer in PRACK, which drachtio-srf cannot give.
    const terms = inviteTerms(session.lateOffer ? { ...session, prack: "off" } : session);
    return new Promise<Outcome>((resolve) => {
      let hasSign = false;
      const doubt = setTimeout(() => {
        if (hasSign) return;
        void hop.isThere().then((isThere) => {
          if (isThere || hasSign || this.#settle !== settle) return;
          this.#attempt?.cancel();
          settle({ type: "failed", sipCode: 408, reason: `${hop.name} does not answer`, moved: null });
        });
      }, DOUBT_MS);
      const settle = (outcome: Outcome): void => {
        clearTimeout(doubt);
        if (this.#settle === settle) this.#settle = null;
        resolve(outcome);
      };
      const sign = (sipCode: number): void => {
        hasSign = true;
        hop.heard(sipCode);
      };
      this.#settle = settle;
      this.#attempt = this.#deps.trunks.caller.invite(
        trunk,
        {
          destination,
          headers: { ...identityHeaders(trunk, { caller, passed }), ...terms, Allow: ALLOW },
          localSdp: session.lateOffer ? null : media.firstSdp(),
          answerTo: (offer) => {
            const outcome = media.takeOffer(offer);
            return outcome.type === "answer" ? outcome.sdp : null;
          },
        },
        {
          onSent: (sipCallId) => media.named(sipCallId),
          onProvisional: (sipCode, sdp) => {
            sign(sipCode);
            this.#provisional(sipCode, sdp, media);
          },
          onAnswered: (dialog, sdp) => {
            sign(200);
            if (!session.lateOffer && sdp !== "" && media.takeAnswer(sdp) === null) {
              dialog.destroy({ headers: { Reason: 'Q.850;cause=127;text="no audio in common"' } }, () => undefined);
              settle({ type: "failed", sipCode: 488, reason: "the answer has no audio that we know", moved: null });
              return;
            }
            this.#answered(dialog, media);
            settle({ type: "answered" });
          },
          onFailed: (sipCode, reason, reply) => {
            if (reply !== null) sign(sipCode);
            settle({ type: "failed", sipCode: sipCode === 0 ? 503 : sipCode, reason, moved: movedTo(reply) });
          },
        },
      );
    });
  }

  #provisional(sipCode: number, sdp: string, media: LegMedia): void {
    if (this.#isOver || sipCode < 180) return;
    this.#dialledMs ??= Math.round(performance.now() - this.#startedAt);
    const isPlaying = sdp !== "" && !this.#order.trunk.session.lateOffer && media.takeAnswer(sdp) !== null;
    this.#listener.onRinging();
    if (!isPlaying || this.#order.trunk.session.earlyMedia !== "play") return;
    this.#isHeard = true;
    this.#listener.onEarlyMedia(media);
  }

  async #openMedia(hop: TrunkHop): Promise<LegMedia | null> {
    await this.#closeMedia();
    const way = this.#deps.trunks.way(hop.hop);
    if (way === null) return null;
    const { trunk, preference, record } = this.#order;
    const media = await LegMedia.open({
      ...(record === undefined ? {} : { record }),
      pool: this.#deps.pool,
      bindAddress: way.local,
      sdpAddress: sdpAddressOf(trunk, { publicAddress: this.#deps.publicAddress, bindAddress: way.local }),
      ...{ preference, terms: termsOf(trunk) },
      remote: null,
      signallingSource: way.remote,
      onFrame: () => undefined,
      onDigit: () => undefined,
    });
    this.#media = media;
    if (this.#isOver) await this.#closeMedia();
    return this.#media;
  }

  async #closeMedia(): Promise<void> {
    const media = this.#media;
    this.#media = null;
    if (this.#isHeard) this.#listener.onEarlyMedia(null);
    this.#isHeard = false;
    await media?.close();
  }

  #answered(dialog: SipDialog, media: LegMedia): void {
    this.#clearTimer();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#dialledMs ??= Math.round(performance.now() - this.#startedAt);
    this.#answeredAt = performance.now();
    this.#media = null; // it is the leg's from here on
    this.#isHeard = false;
    this.#listener.onAnswered(dialog, media);
  }

  #giveUp(sipCode: number, reason: string | null): void {
    if (this.#isOver) return;
    this.#attempt?.cancel();
    this.#finish(sipCode);
    if (reason !== null) this.#listener.onFailed(reason, sipCode);
  }

  #failed(reason: string, sipCode: number): void {
    if (this.#isOver) return;
    this.#finish(sipCode);
    this.#listener.onFailed(reason, sipCode);
  }

  #finish(sipCode: number): void {
    this.#isOver = true;
    this.#clearTimer();
    this.#ticket?.end({ sipCode, talkedMs: 0, dialMs: this.#dialledMs });
    this.#settle?.({ type: "cancelled" });
    void this.#closeMedia();
  }

  #clearTimer(): void {
    if (this.#ringTimer !== null) clearTimeout(this.#ringTimer);
    this.#ringTimer = null;
  }
}

const noHop = (trunk: TrunkMessage): string =>
  trunk.mode === "registrar" ? "the PBX has not registered with us" : "the trunk has no peer";

/** Where a 301 or 302 leads; null: nowhere. */
function movedTo(reply: SipReply | null): string | null {
  if (reply === null || (reply.status !== 301 && reply.status !== 302)) return null;
  return /<?(sips?:[^>;,\s]+@[^>;,\s]+)/i.exec(reply.get("contact") ?? "")?.[1] ?? null;
}
