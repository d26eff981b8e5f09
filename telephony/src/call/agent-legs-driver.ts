import type { Logger } from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import type { CodecName } from "../rtp/rtp-endpoint.ts";
import type { RtpPortPool } from "../rtp/rtp-endpoint-driver.ts";
import type { CallerIdentity, PassedHeaders } from "../trunk/caller-identity.ts";
import { uriDestination } from "../trunk/outbound.ts";
import type { Binding } from "../trunk/registrar.ts";
import type { TrunkMessage } from "../trunk/set-up.ts";
import type { CallMediaStore } from "./call-media-store.ts";
import type { DigitVia } from "./digits-machine.ts";
import { sendDigit } from "./info-digit-driver.ts";
import type { KeptAgentLeg } from "./kept-call.ts";
import { LegMedia } from "./leg-media-driver.ts";
import { type LegParty, NOBODY } from "./leg-party.ts";
import { followReInvites } from "./re-invite-driver.ts";
import { followRefers, type PassRefer, type ReferCall, type Refers } from "./refer-driver.ts";
import { keptDialogOf, resumeDialog } from "./resumed-dialog-driver.ts";
import { reasonHeader } from "./sip-fields.ts";
import { isDialog, type SipAgent, type SipDialog, type SipRequest, type SipResponse } from "./sip-types.ts";
import { type ReplacedDialog, sameDialog, takeOver } from "./take-over-driver.ts";
import { TrunkCall } from "./trunk-call-driver.ts";
import type { Trunks } from "./trunks-driver.ts";

/**
 * Whom a call rings: registered phones and numbers behind trunks, each with its own RTP endpoint, all at once; one of them may be
 * bridged.
 */
export interface AgentLegsListener {
  onRinging(legId: string): void;
  onAnswered(legId: string): void;
  onFailed(legId: string, reason: string): void;
  onBye(legId: string): void;
  /** What the callee's network plays can be heard at the leg's media before the answer; not any more. */
  onEarlyMedia(legId: string, on: boolean): void;
  /** What was agreed about its audio, or with whom, has changed. */
  onChanged(): void;
}

export interface AgentLegsDeps {
  readonly sip: SipAgent;
  readonly pool: RtpPortPool;
  readonly log: Logger;
  readonly trunks: Trunks;
  /** To the customer's side, where a trunk wants that. */
  readonly passRefer?: PassRefer;
  /** Written in SDP in place of our own address; empty: our own. */
  readonly publicAddress: string;
  readonly callMedia: CallMediaStore;
  readonly callId: string;
}

export type RingTarget =
  | { readonly type: "phone"; readonly binding: Binding }
  | { readonly type: "outside"; readonly trunk: TrunkMessage; readonly number: string; readonly ringMs: number };

export interface RingCall {
  readonly caller: CallerIdentity;
  readonly passed: PassedHeaders;
  readonly preference: readonly CodecName[];
}

interface Leg {
  readonly legId: string;
  readonly party: LegParty;
  media: LegMedia | null;
  request: SipRequest | null;
  outside: TrunkCall | null;
  dialog: SipDialog | null;
  refers: Refers | null;
  isOver: boolean;
}

export class AgentLegs {
  readonly #deps: AgentLegsDeps;
  readonly #listener: AgentLegsListener;
  readonly #legs = new Map<string, Leg>();

  constructor(deps: AgentLegsDeps, listener: AgentLegsListener) {
    this.#deps = deps;
    this.#listener = listener;
  }

  /** Begins to ring; returns the legs at once. */
  ring(
    targets: readonly RingTarget[],
    call: RingCall,
  ): readonly { readonly legId: string; readonly phoneId: string }[] {
    return targets.map((target) => {
      const leg: Leg = {
        legId: uuid(),
        party: partyOf(target),
        ...{ media: null, request: null, outside: null, dialog: null, refers: null, isOver: false },
      };
      this.#legs.set(leg.legId, leg);
      if (target.type === "outside") this.#dial(leg, target, call);
      else {
        this.#invite(leg, target.binding, call).catch((error: unknown) => {
          this.#fail(leg, error instanceof Error ? error.message : "the phone could not be called");
        });
      }
      return { legId: leg.legId, phoneId: leg.party.phoneId };
    });
  }

  /** Opens the audio of a leg that the process before this one had joined, where it had been. */
  async open(kept: KeptAgentLeg): Promise<void> {
    const { legId, party, media: before } = kept;
    const { audio, choice, ...place } = before;
    const media = await LegMedia.open({
      ...{ pool: this.#deps.pool, ...place, remote: { audio, choice }, before },
      record: this.#record(legId, kept.dialog.callId),
      onFrame: () => undefined,
      onDigit: () => undefined,
    });
    this.#legs.set(legId, {
      legId,
      party,
      media,
      request: null,
      outside: null,
      dialog: null,
      refers: null,
      isOver: false,
    });
  }

  resume({ legId, party, dialog: kept }: KeptAgentLeg, trunk: TrunkMessage | null): void {
    const leg = this.#legs.get(legId);
    if (leg === undefined) return;
    leg.dialog = resumeDialog(this.#deps.sip, kept);
    this.#follow(leg, leg.dialog, party.trunkId === "" ? null : trunk);
  }

  /** What the next process must know of a leg that has answered. */
  kept(legId: string): KeptAgentLeg | null {
    const leg = this.#legs.get(legId);
    const media = leg?.media?.kept() ?? null;
    if (leg?.dialog == null || media === null) return null;
    return { legId, party: leg.party, dialog: keptDialogOf(leg.dialog), media };
  }

  media(legId: string): LegMedia | null {
    return this.#legs.get(legId)?.media ?? null;
  }

  party(legId: string): LegParty {
    return this.#legs.get(legId)?.party ?? NOBODY;
  }

  /** An INVITE with Replaces for one of our legs through this trunk. */
  takeOver(
    replaced: ReplacedDialog,
    trunkId: string,
    invite: { readonly request: SipRequest; readonly response: SipResponse },
  ): boolean {
    for (const leg of this.#legs.values()) {
      const { dialog, media, party } = leg;
      if (dialog === null || media === null || party.trunkId !== trunkId || !sameDialog(dialog, replaced)) continue;
      takeOver(this.#deps.sip, { dialog, media, invite }, (next) => {
        if (leg.isOver) return false;
        leg.dialog = next;
        this.#follow(leg, next, this.#deps.trunks.trunk(trunkId));
        return true;
      });
      return true;
    }
    return false;
  }

  /** A key of the customer's to a bridged leg, unless the bridge carries it there already. */
  passDigit(legId: string, digit: string, via: DigitVia): void {
    const { media, dialog } = this.#legs.get(legId) ?? { media: null, dialog: null };
    if (media === null || dialog === null || (via !== "info" && media.takesKeys)) return;
    sendDigit({ media, dialog }, digit);
  }

  cancelAll(except: string | null): void {
    for (const leg of this.#legs.values()) if (leg.legId !== except && leg.dialog === null) this.#cancel(leg);
  }

  bye(legId: string): void {
    const leg = this.#legs.get(legId);
    if (leg === undefined) return;
    leg.isOver = true;
    const { dialog } = leg;
    leg.dialog = null;
    dialog?.destroy({ headers: { Reason: reasonHeader(16, "the call has ended") } }, () => undefined);
    this.#release(leg);
  }

  /** Ends whatever is left. */
  close(): void {
    for (const leg of [...this.#legs.values()]) {
      if (leg.dialog === null) this.#cancel(leg);
      else this.bye(leg.legId);
    }
  }

  #dial(leg: Leg, target: Extract<RingTarget, { type: "outside" }>, call: RingCall): void {
    const { trunks, pool, publicAddress } = this.#deps;
    const { trunk, number, ringMs } = target;
    const { caller, passed } = call;
    leg.outside = new TrunkCall(
      { trunks, pool, publicAddress },
      {
        trunk,
        number,
        caller,
        passed,
        preference: preferredBy(trunk, call.preference),
        ringMs,
        record: this.#record(leg.legId),
      },
      {
        onRinging: () => {
          if (!leg.isOver) this.#listener.onRinging(leg.legId);
        },
        onEarlyMedia: (media) => {
          if (leg.isOver) return;
          leg.media = media;
          this.#listener.onEarlyMedia(leg.legId, media !== null);
        },
        onAnswered: (dialog, media) => {
          leg.media = media;
          this.#answered(leg, dialog, trunk);
        },
        onFailed: (reason) => {
          leg.media = null; // the trunk's call has closed it
          this.#fail(leg, reason);
        },
      },
    );
    leg.outside.start();
  }

  /** Where a leg's audio figures and packets are kept. */
  #record(legId: string, sipCallId = "") {
    const { callMedia: store, callId } = this.#deps;
    return { store, leg: { callId, legId, sipCallId } };
  }

  async #invite(leg: Leg, binding: Binding, call: RingCall): Promise<void> {
    const { sip, pool, publicAddress } = this.#deps;
    const { source } = binding;
    const media = await LegMedia.open({
      pool,
      bindAddress: source.localAddress,
      sdpAddress: publicAddress === "" ? source.localAddress : publicAddress,
      preference: call.preference,
      remote: null,
      signallingSource: source.address,
      record: this.#record(leg.legId),
      onFrame: () => undefined,
      onDigit: () => undefined,
    });
    if (leg.isOver) {
      await media.close();
      return;
    }
    leg.media = media;
    const { number, displayName } = call.caller;
    const name = displayName.replace(/["\\\r\n]/g, "");
    const from = `${name === "" ? "" : `"${name}" `}<sip:${encodeURIComponent(number) || "anonymous"}@localhost>`;
    const host = source.address.includes(":") ? `[${source.address}]` : source.address;
    const transport = source.protocol === "udp" ? "" : `;transport=${source.protocol}`;
    sip.createUAC(
      binding.contact,
      {
        localSdp: media.firstSdp(),
        proxy: `sip:${host}:${source.port}${transport}`,
        headers: { From: from },
      },
      {
        cbRequest: (error, request) => {
          if (error !== null) return; // the callback below is told as well
          leg.request = request;
          if (leg.isOver) request.cancel(() => undefined);
        },
        cbProvisional: (response) => {
          if (!leg.isOver && response.status >= 180) this.#listener.onRinging(leg.legId);
        },
      },
      (error, answered) => {
        if (error !== null) this.#fail(leg, reasonOf(error));
        else if (isDialog(answered)) this.#phoneAnswered(leg, answered);
      },
    );
  }

  #phoneAnswered(leg: Leg, dialog: SipDialog): void {
    if (!leg.isOver && leg.media?.takeAnswer(dialog.remote.sdp ?? "") == null) {
      dialog.destroy(
        { headers: { Reason: reasonHeader(16, "the answer has no audio that we know") } },
        () => undefined,
      );
      this.#fail(leg, "the phone answered with audio that we do not know");
      return;
    }
    this.#answered(leg, dialog, null);
  }

  #answered(leg: Leg, dialog: SipDialog, trunk: TrunkMessage | null): void {
    if (leg.isOver) {
      dialog.destroy({ headers: { Reason: reasonHeader(16, "answered too late") } }, () => undefined);
      this.#release(leg);
      return;
    }
    leg.dialog = dialog;
    leg.media?.answered(dialog.sip.callId);
    this.#follow(leg, dialog, trunk);
    this.#listener.onAnswered(leg.legId);
  }

  #follow(leg: Leg, dialog: SipDialog, trunk: TrunkMessage | null): void {
    dialog.on("destroy", () => {
      // The leg has moved on to another, or will if the one that the PBX referred us to answers.
      if (leg.dialog === dialog && leg.refers?.isPending !== true) this.#gone(leg);
    });
    followReInvites(
      dialog,
      () => leg.media,
      () => this.#listener.onChanged(),
    );
    dialog.on("ack", (request: SipRequest) => {
      if (request.body) leg.media?.takeAnswer(request.body);
    });
    leg.refers = followRefers({
      dialog,
      media: () => (leg.dialog === dialog ? leg.media : null),
      call: trunk === null || trunk.session.refer === "deny" ? null : referCall(this.#deps.trunks, trunk),
      pass: trunk?.session.refer === "allow" ? this.#deps.passRefer : undefined,
      onMoved: (next) => {
        leg.dialog = next;
        this.#follow(leg, next, trunk);
        this.#listener.onChanged();
      },
      onGone: () => {
        if (leg.dialog === dialog) this.#gone(leg);
      },
    });
  }

  #gone(leg: Leg): void {
    leg.dialog = null;
    leg.isOver = true;
    this.#listener.onBye(leg.legId);
    this.#release(leg);
  }

  #cancel(leg: Leg): void {
    if (leg.isOver) return;
    leg.isOver = true;
    leg.outside?.cancel();
    try {
      leg.request?.cancel(() => undefined);
    } catch {
      // The connection to the SIP server is gone, and the transaction with it.
    }
    if (leg.outside === null) void leg.media?.close();
    leg.media = null;
  }

  #fail(leg: Leg, reason: string): void {
    const wasOver = leg.isOver;
    leg.isOver = true;
    this.#release(leg);
    if (!wasOver) this.#listener.onFailed(leg.legId, reason);
  }

  #release(leg: Leg): void {
    this.#legs.delete(leg.legId);
    leg.refers?.cancel();
    leg.outside?.ended();
    leg.media?.close().catch((error: unknown) => this.#deps.log.warn({ err: error }, "an RTP endpoint did not close"));
    leg.media = null;
  }
}

const partyOf = (target: RingTarget): LegParty =>
  target.type === "phone"
    ? { phoneId: target.binding.accountId, target: "", trunkId: "" }
    : { phoneId: "", target: target.number, trunkId: target.trunk.id };

/** The codec that the customer has first, if the trunk knows it; then in the trunk's own order. */
function preferredBy(trunk: TrunkMessage, wished: readonly CodecName[]): readonly CodecName[] {
  const first = wished.find((name) => trunk.codecs.includes(name));
  return first === undefined ? trunk.codecs : [first, ...trunk.codecs.filter((name) => name !== first)];
}

/** Follows a REFER of a trunk's PBX by a call through the same trunk: nobody can be made to call anywhere else. */
export function referCall(trunks: Trunks, trunk: TrunkMessage): ReferCall {
  return ({ uri, headers, localSdp }, listener) => {
    const hop = trunks.hops(trunk.id)[0];
    if (hop === undefined) {
      queueMicrotask(() => listener.onFailed(503, "the trunk has no peer", null));
      return { cancel: () => undefined };
    }
    const destination = uriDestination(trunk, hop.hop, uri);
    return trunks.caller.invite(trunk, { destination, headers, localSdp, answerTo: () => null }, listener);
  };
}

function reasonOf(error: Error & { readonly status?: number }): string {
  switch (error.status) {
    case undefined:
      return error.message;
    case 486:
    case 600:
      return "busy";
    case 603:
      return "declined";
    case 408:
    case 480:
      return "no answer";
    case 487:
      return "cancelled";
    default:
      return `the phone answered with ${error.status}`;
  }
}
