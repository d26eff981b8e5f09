import { performance } from "node:perf_hooks";
import { type Config, type Logger, pii } from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import type { ClaimedCall } from "../trunk/doctor/doctor-line-driver.ts";
import type { LoopClaims } from "../trunk/doctor/loop-claims-driver.ts";
import { type Directory, identify } from "../trunk/identify.ts";
import { flowAt, type InboundCall, readInvite, replacesOf, requestUser } from "../trunk/inbound-call.ts";
import { fullAllowance, takeOne } from "../trunk/rate-limit.ts";
import { isRefusal, type SessionTerms } from "../trunk/session-terms.ts";
import type { FlowMessage, NumberMessage, SetupMessage, TrunkMessage } from "../trunk/set-up.ts";
import type { Accounts } from "./accounts-driver.ts";
import { referCall } from "./agent-legs-driver.ts";
import type { CallDeps, CallOffer } from "./call-deps-driver.ts";
import { CallDriver } from "./call-driver.ts";
import type { EventBody, EventLog } from "./event-log-store.ts";
import type { KeptCall } from "./kept-call.ts";
import { type MediaTerms, plainTerms, termsOf } from "./media-terms.ts";
import { choose, isSdpFault, parseSdp, preferenceOf } from "./sdp.ts";
import { hostOf, userOf } from "./sip-fields.ts";
import { ALLOW, type SipRequest, type SipResponse } from "./sip-types.ts";
import type { TrunkCallTicket } from "./trunks-driver.ts";

/** Decides about each new INVITE, and holds the calls. */
export interface Inbound {
  invite(request: SipRequest, response: SipResponse): void;
  readonly calls: ReadonlyMap<string, CallDriver>;
  readonly total: number;
  readonly refused: number;
  /** Opens the audio of a call of the process before this one; what it gives goes on with the call. */
  prepare(kept: KeptCall, setup: SetupMessage): Promise<() => void>;
  /** Ends every call; resolves when all are over. */
  close(): Promise<void>;
}

export interface InboundDeps extends Omit<CallDeps, "onOver"> {
  readonly site: Config["telephony"];
  readonly directory: () => Directory | null;
  readonly accounts: Accounts;
  readonly eventLog: EventLog;
  readonly loops: Pick<LoopClaims, "offer">;
  readonly log: Logger;
}

const LOOK_MS = 1000;
/** Refusals that are told; all are counted. */
const TOLD = { burst: 50, perSecond: 2 };
const RETRY_AFTER_SECONDS = 10;

interface Caller {
  readonly trunk: TrunkMessage | null;
  readonly trunkId: string;
}

export function createInbound(deps: InboundDeps): Inbound {
  const calls = new Map<string, CallDriver>();
  let total = 0;
  let refused = 0;
  let allowance = fullAllowance(TOLD, Date.now());
  let whenEmpty: (() => void) | null = null;
  const looking = setInterval(() => {
    for (const call of calls.values()) call.look();
  }, LOOK_MS);

  const refuse = (
    request: SipRequest,
    response: SipResponse,
    refusal: { readonly sipCode: number; readonly reason: string; readonly headers?: Record<string, string> },
    trunk: TrunkMessage | null = null,
  ): void => {
    const { sipCode, reason } = refusal;
    refused++;
    const seconds = trunk?.limits.retryAfterSeconds ?? RETRY_AFTER_SECONDS;
    const headers: Record<string, string> = sipCode === 503 ? { "Retry-After": String(seconds) } : {};
    response.send(sipCode, { headers: { ...headers, ...refusal.headers } });
    if (trunk !== null) deps.trunks.refused(trunk.id, sipCode);
    const taken = takeOne(allowance, TOLD, Date.now());
    allowance = taken.allowance;
    if (!taken.allowed) return;
    deps.log.info(
      { sipCode, reason, source: request.source_address, from: pii(request.callingNumber) },
      "call refused",
    );
    const body: EventBody = {
      refused: {
        ...{ reason, sipCode, sourceAddress: request.source_address },
        to: userOf(request.uri),
        from: request.callingNumber.slice(0, 128),
      },
    };
    deps.emit(body);
  };

  const who = (directory: Directory, request: SipRequest, response: SipResponse): Caller | null => {
    const source = { address: request.source_address, ...requestUser(request.uri) };
    const found = identify(directory, source, deps.trunks.reach);
    switch (found.type) {
      case "trunk":
        return { trunk: found.trunk, trunkId: found.trunk.id };
      case "unknown":
        refuse(request, response, { sipCode: 403, reason: "the source address belongs to no trunk" });
        return null;
      case "challenge": {
        const account = deps.accounts.authenticate(request, response);
        if (account === "refused") {
          refuse(request, response, { sipCode: 403, reason: "wrong user name or password" });
        }
        if (account === "refused" || account === null) return null;
        return account.kind === "trunk"
          ? { trunk: account.trunk, trunkId: account.trunk.id }
          : { trunk: null, trunkId: "" };
      }
    }
  };

  const admitted = (caller: Caller): TrunkCallTicket | string => {
    if (deps.eventLog.isFull)
      return "what happens cannot be kept: the appliance is away for too long, or the disk is full";
    if (calls.size >= deps.site.maxCalls) return "as many calls as telephony.maxCalls allows";
    return deps.trunks.begin(caller.trunkId, "inbound");
  };

  const onOver = (callId: string): void => {
    calls.delete(callId);
    if (calls.size === 0) whenEmpty?.();
  };

  const accept = (
    request: SipRequest,
    response: SipResponse,
    to: {
      readonly caller: Caller;
      readonly call: InboundCall & { readonly terms: SessionTerms };
      readonly number: NumberMessage;
      readonly flow: FlowMessage;
      readonly directory: Directory;
    },
  ): void => {
    const { trunk, trunkId } = to.caller;
    const preference = preferenceOf(trunk?.codecs ?? []);
    const audioTerms = trunk === null ? plainTerms(preference) : termsOf(trunk);
    const remote = request.body ? offerOf(request.body, audioTerms) : null;
    if (remote !== null && "problem" in remote) {
      refuse(request, response, { sipCode: remote.sipCode, reason: remote.problem }, trunk);
      return;
    }
    const ticket = admitted(to.caller);
    if (typeof ticket === "string") {
      refuse(request, response, { sipCode: 503, reason: ticket }, trunk);
      return;
    }
    const { dialled, caller, passed, terms } = to.call;
    const localAddress = hostOf(request.receivedOn ?? "");
    const call = new CallDriver(
      { ...deps, emit: counted(ticket, deps.emit), onOver },
      {
        ...{ callId: uuid(), trunkId, numberId: to.number.id, flow: to.flow, setup: to.directory.setup },
        dtmf: trunk?.dtmf ?? "auto",
        ...{ from: caller.number, to: dialled, displayName: caller.displayName, isPrivate: caller.isPrivate, passed },
        sourceAddress: request.source_address,
        sipCallId: (request.get("call-id") ?? "").slice(0, 256),
        leg: {
          ...{ invite: { request, response }, session: terms },
          referCall: trunk === null || trunk.session.refer === "deny" ? null : referCall(deps.trunks, trunk),
          media: {
            pool: deps.pool,
            bindAddress: localAddress,
            sdpAddress: trunk?.media.natAddress || deps.site.publicAddress || localAddress,
            preference,
            terms: audioTerms,
            remote,
            signallingSource: request.source_address,
          },
        },
      },
    );
    total++;
    calls.set(call.callId, call);
    call.start();
  };

  /** The far end of a call that the trunk doctor has placed: it is his, and no conversation. */
  const loopEnd = (request: SipRequest, response: SipResponse, trunk: TrunkMessage | null): ClaimedCall | null => {
    if (trunk === null || !request.body) return null;
    const terms = termsOf(trunk);
    const remote = offerOf(request.body, terms);
    if ("problem" in remote) return null;
    const bindAddress = hostOf(request.receivedOn ?? "");
    return {
      sipCallId: request.get("call-id") ?? "",
      sdpAddress: remote.audio.address,
      media: {
        ...{ pool: deps.pool, bindAddress, preference: terms.preference, terms, remote },
        sdpAddress: trunk.media.natAddress || deps.site.publicAddress || bindAddress,
        signallingSource: request.source_address,
        onFrame: () => undefined,
        onDigit: () => undefined,
      },
      answer: (localSdp, callback) =>
        deps.sip.createUAS(request, response, { localSdp, headers: { Allow: ALLOW } }, (error, dialog) =>
          callback(error === null ? dialog : null),
        ),
    };
  };

  /** An INVITE that takes the place of a dialog of ours (RFC 3891): a transfer of the PBX is completed. */
  const takeOver = (
    request: SipRequest,
    response: SipResponse,
    to: {
      readonly replaces: string;
      readonly trunkId: string;
      readonly refuse: (sipCode: number, reason: string) => void;
    },
  ): void => {
    const dialog = replacesOf(to.replaces);
    if (dialog === null) to.refuse(400, "a Replaces header that cannot be read");
    else if (dialog.earlyOnly) to.refuse(486, "the call to be replaced is answered already");
    else {
      // Only the trunk that a leg belongs to may put somebody else in its place.
      const call = [...calls.values()].find((item) => item.takeOver(dialog, to.trunkId, { request, response }));
      if (call === undefined) to.refuse(481, "the call to be replaced is not here");
    }
  };

  return {
    calls,
    get total() {
      return total;
    },
    get refused() {
      return refused;
    },
    invite(request, response) {
      if (!request.isNewInvite) return response.send(481);
      const directory = deps.directory();
      if (directory === null) {
        return refuse(request, response, { sipCode: 503, reason: "no set-up was received yet" });
      }
      const caller = who(directory, request, response);
      if (caller === null) return;
      const { trunk, trunkId } = caller;
      const no = (sipCode: number, reason: string, headers: Record<string, string> = {}): void =>
        refuse(request, response, { sipCode, reason, headers }, trunk);
      if (!request.get("contact")) return no(400, "an INVITE without Contact");
      const { terms, ...rest } = readInvite(trunk, {
        ...{ uri: request.uri, sdp: request.body ?? "" },
        header: (name) => request.get(name),
      });
      if (isRefusal(terms)) return no(terms.sipCode, terms.reason, terms.headers);
      if (deps.loops.offer({ trunkId, dialled: rest.dialled }, () => loopEnd(request, response, trunk))) return;
      const replaces = request.get("replaces");
      if (replaces !== undefined) return takeOver(request, response, { replaces, trunkId, refuse: no });
      const found = flowAt(directory.setup, { trunkId, dialled: rest.dialled, unixMs: Date.now() });
      if (found === null) return no(404, "no number leads to a flow");
      accept(request, response, { caller, call: { ...rest, terms }, ...found, directory });
    },
    async prepare(kept, setup) {
      const { offer, customer } = kept;
      const { audio, choice, ...place } = customer.media;
      const media = { pool: deps.pool, ...place, remote: { audio, choice }, before: place };
      const trunk = setup.trunks.find((item) => item.id === offer.trunkId);
      const ticket = deps.trunks.begin(offer.trunkId, "inbound");
      // Its trunk may be full by now, or gone: the call is there all the same.
      const answeredMsAgo = Math.max(0, Date.now() - kept.answeredAt);
      const emit = typeof ticket === "string" ? deps.emit : counted(ticket, deps.emit, answeredMsAgo);
      const call = new CallDriver(
        { ...deps, emit, onOver },
        {
          ...{ ...offer, setup, kept },
          leg: {
            invite: null,
            referCall: trunk === undefined || trunk.session.refer === "deny" ? null : referCall(deps.trunks, trunk),
            media,
          },
        },
      );
      try {
        await call.open();
      } catch (error) {
        if (typeof ticket !== "string") ticket.end({ sipCode: 500, talkedMs: answeredMsAgo, dialMs: null });
        await call.discard();
        throw error;
      }
      return () => {
        calls.set(call.callId, call);
        call.resume(kept);
      };
    },
    async close() {
      clearInterval(looking);
      if (calls.size === 0) return;
      const empty = new Promise<void>((resolve) => {
        whenEmpty = resolve;
      });
      for (const call of calls.values()) call.shutdown();
      await empty;
    },
  };
}

/** Watches what is told of a call, for the figures of its trunk. */
function counted(
  ticket: TrunkCallTicket,
  emit: CallDeps["emit"],
  answeredMsAgo: number | null = null,
): CallDeps["emit"] {
  const startedAt = performance.now() - (answeredMsAgo ?? 0);
  let answeredAt: number | null = answeredMsAgo === null ? null : startedAt;
  return (body) => {
    if (body.answered) answeredAt = performance.now();
    if (body.ended) {
      const talkedMs = answeredAt === null ? 0 : Math.round(performance.now() - answeredAt);
      const sipCode = answeredAt === null ? (body.ended.sipCode ?? 0) || 500 : 200;
      ticket.end({ sipCode, talkedMs, dialMs: answeredAt === null ? null : Math.round(answeredAt - startedAt) });
    }
    emit(body);
  };
}

/** What an offer leads to, or why it cannot be taken. */
function offerOf(
  body: string,
  terms: MediaTerms,
): NonNullable<CallOffer["leg"]["media"]["remote"]> | { readonly sipCode: number; readonly problem: string } {
  const audio = parseSdp(body, terms);
  if (isSdpFault(audio)) {
    return {
      sipCode: audio.fault === "malformed" ? 400 : 488,
      problem: `the offer cannot be used: ${audio.fault}`,
    };
  }
  const choice = choose(audio, terms.preference, terms);
  if (isSdpFault(choice)) return { sipCode: 488, problem: "no codec in common: PCMA, PCMU or G722 are needed" };
  return { audio, choice };
}
