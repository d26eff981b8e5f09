import { type Config, type Logger, pii } from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import type { CodecName } from "../rtp/rtp-endpoint.ts";
import { type Directory, identify } from "../trunk/identify.ts";
import { matchNumber } from "../trunk/number-match.ts";
import { fullAllowance, takeOne } from "../trunk/rate-limit.ts";
import type { FlowMessage, NumberMessage, TrunkMessage } from "../trunk/set-up.ts";
import type { Accounts } from "./accounts-driver.ts";
import { type CallDeps, CallDriver, type CallOffer } from "./call-driver.ts";
import type { EventBody, EventLog } from "./event-log-store.ts";
import { choose, isSdpFault, parseSdp, preferenceOf } from "./sdp.ts";
import { hostOf, userOf } from "./sip-fields.ts";
import type { SipRequest, SipResponse } from "./sip-types.ts";

/** Decides about each new INVITE, and holds the calls. */
export interface Inbound {
  invite(request: SipRequest, response: SipResponse): void;
  readonly calls: ReadonlyMap<string, CallDriver>;
  readonly total: number;
  readonly refused: number;
  /** Ends every call; resolves when all are over. */
  close(): Promise<void>;
}

export interface InboundDeps extends Omit<CallDeps, "onOver"> {
  readonly site: Config["telephony"];
  readonly directory: () => Directory | null;
  readonly accounts: Accounts;
  readonly eventLog: EventLog;
  readonly log: Logger;
}

const LOOK_MS = 1000;
/** Refusals that are told; all are counted. */
const TOLD = { burst: 50, perSecond: 2 };
const RETRY_AFTER_SECONDS = "10";

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

  const refuse = (request: SipRequest, response: SipResponse, sipCode: number, reason: string): void => {
    refused++;
    const headers: Record<string, string> = sipCode === 503 ? { "Retry-After": RETRY_AFTER_SECONDS } : {};
    response.send(sipCode, { headers });
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
    const found = identify(directory, request.source_address);
    switch (found.type) {
      case "trunk":
        return { trunk: found.trunk, trunkId: found.trunk.id };
      case "unknown":
        refuse(request, response, 403, "the source address belongs to no trunk");
        return null;
      case "challenge": {
        const account = deps.accounts.authenticate(request, response);
        if (account === "refused") refuse(request, response, 403, "wrong user name or password");
        if (account === "refused" || account === null) return null;
        return account.kind === "trunk"
          ? { trunk: account.trunk, trunkId: account.trunk.id }
          : { trunk: null, trunkId: "" };
      }
    }
  };

  const admitted = (caller: Caller): string | null => {
    if (deps.eventLog.isFull)
      return "what happens cannot be kept: the appliance is away for too long, or the disk is full";
    if (calls.size >= deps.site.maxCalls) return "as many calls as telephony.maxCalls allows";
    const limit = caller.trunk?.maxCalls ?? 0;
    if (limit === 0) return null;
    const own = [...calls.values()].filter((call) => call.trunkId === caller.trunkId).length;
    return own >= limit ? "as many calls as the trunk allows" : null;
  };

  const accept = (
    request: SipRequest,
    response: SipResponse,
    to: {
      readonly caller: Caller;
      readonly number: NumberMessage;
      readonly flow: FlowMessage;
      readonly directory: Directory;
    },
  ): void => {
    const { trunk, trunkId } = to.caller;
    const preference = preferenceOf(trunk?.codecs ?? []);
    const remote = request.body ? offerOf(request.body, preference) : null;
    if (remote !== null && "problem" in remote) {
      refuse(request, response, remote.sipCode, remote.problem);
      return;
    }
    const localAddress = hostOf(request.receivedOn ?? "");
    const call = new CallDriver(
      {
        ...deps,
        onOver: (callId) => {
          calls.delete(callId);
          if (calls.size === 0) whenEmpty?.();
        },
      },
      {
        ...{ callId: uuid(), trunkId, numberId: to.number.id, flow: to.flow, setup: to.directory.setup },
        dtmf: trunk?.dtmf === "rfc4733" || trunk?.dtmf === "info" ? trunk.dtmf : "auto",
        from: request.callingNumber.slice(0, 128),
        to: userOf(request.uri),
        displayName: request.callingName.slice(0, 128),
        sourceAddress: request.source_address,
        sipCallId: (request.get("call-id") ?? "").slice(0, 256),
        leg: {
          request,
          response,
          media: {
            pool: deps.pool,
            bindAddress: localAddress,
            sdpAddress: deps.site.publicAddress === "" ? localAddress : deps.site.publicAddress,
            preference,
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
      if (directory === null) return refuse(request, response, 503, "no set-up was received yet");
      const caller = who(directory, request, response);
      if (caller === null) return;
      const problem = admitted(caller);
      if (problem !== null) return refuse(request, response, 503, problem);
      const dialled = userOf(request.uri);
      const number = matchNumber(directory.setup.numbers, { trunkId: caller.trunkId, dialled });
      const flow = directory.setup.flows.find((item) => item.id === number?.flowId);
      if (number === null || flow === undefined) return refuse(request, response, 404, "no number leads to a flow");
      if (!request.get("contact")) return refuse(request, response, 400, "an INVITE without Contact");
      accept(request, response, { caller, number, flow, directory });
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

/** What an offer leads to, or why it cannot be taken. */
function offerOf(
  body: string,
  preference: readonly CodecName[],
): NonNullable<CallOffer["leg"]["media"]["remote"]> | { readonly sipCode: number; readonly problem: string } {
  const audio = parseSdp(body);
  if (isSdpFault(audio)) {
    return {
      sipCode: audio.fault === "malformed" ? 400 : 488,
      problem: `the offer cannot be used: ${audio.fault}`,
    };
  }
  const choice = choose(audio, preference);
  if (isSdpFault(choice)) return { sipCode: 488, problem: "no codec in common: PCMA, PCMU or G722 are needed" };
  return { audio, choice };
}
