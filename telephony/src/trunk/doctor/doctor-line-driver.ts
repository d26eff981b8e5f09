import { networkInterfaces } from "node:os";
import { performance } from "node:perf_hooks";
import { sendDigit } from "../../call/info-digit-driver.ts";
import { LegMedia } from "../../call/leg-media-driver.ts";
import { termsOf } from "../../call/media-terms.ts";
import { followReInvites } from "../../call/re-invite-driver.ts";
import { reasonHeader } from "../../call/sip-fields.ts";
import { ALLOW, type SipDialog, type SipMessage, type SipReply } from "../../call/sip-types.ts";
import type { TrunkHop, Trunks } from "../../call/trunks-driver.ts";
import type { RtpPortPool } from "../../rtp/rtp-endpoint-driver.ts";
import { NOTHING_PASSED } from "../caller-identity.ts";
import {
  addressOfRecord,
  hostDestination,
  identityHeaders,
  numberDestination,
  ownFrom,
  registerDestination,
} from "../outbound.ts";
import { inviteTerms } from "../session-terms.ts";
import type { TrunkMessage } from "../set-up.ts";
import type { CallOutcome, CallWish, DoctorLeg, DoctorLine } from "./doctor-line.ts";
import type { OptionsFacts } from "./judge-reach.ts";
import type { AgreedFacts, AnsweredFacts } from "./judge-signalling.ts";
import { PROBE_HZ, ProbeListener, probeTone } from "./probe-tone.ts";
import { resolvePeer } from "./reachability-client.ts";

/** The doctor's requests and calls, by the same way as those of customers: through the trunk, with its account and its settings. */
const OPTIONS_MS = 4000;
const REGISTER_MS = 8000;
const ANSWER_MS = 20_000;
const RE_INVITE_MS = 6000;
/** A far end that has not come back by then was answered by somebody else. */
const LOOP_MS = 8000;
/** Who calls, on the PBX's displays. */
const CALLER = "trunk-doctor";

export interface DoctorLineDeps {
  readonly trunks: Trunks;
  readonly pool: RtpPortPool;
  /** Written in SDP where the trunk names no address of its own; empty: our own. */
  readonly publicAddress: string;
  /** Takes the next call of this trunk to a number away from the flows; undone by what it returns. */
  readonly claim: (trunkId: string, number: string, take: (call: ClaimedCall) => void) => () => void;
}

/** An inbound call that the doctor answers itself. */
export interface ClaimedCall {
  readonly sipCallId: string;
  readonly sdpAddress: string;
  readonly media: Parameters<typeof LegMedia.open>[0];
  answer(localSdp: string, callback: (dialog: SipDialog | null) => void): void;
}

export function createDoctorLine(trunk: TrunkMessage, deps: DoctorLineDeps): DoctorLine {
  const { trunks } = deps;
  const { caller } = trunks;
  return {
    async options(peer) {
      const reply = await caller.request(trunk, {
        method: "OPTIONS",
        destination: hostDestination(trunk, { type: "peer", peer }),
        headers: { From: ownFrom(trunk), Contact: "<sip:localhost>", Accept: "application/sdp" },
        timeoutMs: OPTIONS_MS,
      });
      const facts = { transport: peer.transport, connected: peer.transport !== "udp" };
      if (reply.type !== "answered") return { ...facts, status: 0, line: reply.problem, roundTripMs: 0 };
      const line = `SIP/2.0 ${reply.sipCode} ${reply.reason}`;
      return { ...facts, status: reply.sipCode, line, roundTripMs: reply.roundTripMs } satisfies OptionsFacts;
    },
    async register(peer) {
      const address = addressOfRecord(trunk, peer);
      // Without a Contact it asks what is registered and changes nothing (RFC 3261 §10.3, step 7).
      const reply = await caller.request(trunk, {
        method: "REGISTER",
        destination: registerDestination(trunk, peer),
        headers: { From: `<${address}>`, To: `<${address}>` },
        timeoutMs: REGISTER_MS,
      });
      if (reply.type !== "answered") return unanswered(reply.problem);
      return {
        status: reply.sipCode,
        line: `SIP/2.0 ${reply.sipCode} ${reply.reason}`,
        challenged: reply.wasChallenged,
        ...saidBy(reply.header),
      };
    },
    call: (number, wish) => placeCall(trunk, deps, number, wish),
    expect(number) {
      let settle: (leg: DoctorLeg | null) => void = () => undefined;
      const leg = new Promise<DoctorLeg | null>((resolve) => {
        settle = resolve;
      });
      const timer = setTimeout(() => settle(null), LOOP_MS + ANSWER_MS);
      const undo = deps.claim(trunk.id, number, (call) => {
        undo();
        takeCall(call).then(settle, () => settle(null));
      });
      return {
        leg: leg.finally(() => {
          clearTimeout(timer);
          undo();
        }),
        cancel: () => settle(null),
      };
    },
  };
}

const unanswered = (problem: string): AnsweredFacts => ({
  ...{ status: 0, line: problem, challenged: false, realm: "", reason: "", required: "" },
});

/** What a response says beside its status. */
function saidBy(header: (name: string) => string | undefined): Pick<AnsweredFacts, "realm" | "reason" | "required"> {
  const challenge = header("www-authenticate") ?? header("proxy-authenticate") ?? "";
  return {
    realm: /realm\s*=\s*"([^"]*)"/i.exec(challenge)?.[1] ?? "",
    reason: [header("reason"), header("warning")].filter(Boolean).join("; ").slice(0, 300),
    required: header("require") ?? "",
  };
}

async function placeCall(
  trunk: TrunkMessage,
  deps: DoctorLineDeps,
  number: string,
  wish: CallWish,
): Promise<CallOutcome> {
  const refused = (answer: AnsweredFacts, setupMs = 0, sipCallId = ""): CallOutcome => ({
    answer,
    setupMs,
    sipCallId,
    leg: null,
  });
  const hops = deps.trunks.hops(trunk.id);
  const hop = hops.find(({ isDown }) => !isDown) ?? hops[0];
  const local = hop === undefined ? null : (deps.trunks.way(hop.hop)?.local ?? null);
  if (hop === undefined || local === null) {
    return refused(unanswered(hop === undefined ? "there is no peer to call" : "no listener of ours reaches the peer"));
  }
  const signalling = await addressOf(hop);
  const ear = new Ear();
  const media = await LegMedia.open({
    ...{ pool: deps.pool, bindAddress: local, preference: wish.codecs, remote: null },
    terms: { ...termsOf(trunk), preference: wish.codecs },
    sdpAddress: trunk.media.natAddress || deps.publicAddress || local,
    signallingSource: signalling,
    onFrame: ({ samples }) => ear.take(samples, media.endpoint.sampleRateHz),
    onDigit: (digit) => ear.key(digit),
  });
  const startedAt = performance.now();
  const caller = {
    number: trunk.identity.fromUser || trunk.account.username || CALLER,
    displayName: "",
    isPrivate: false,
  };
  const { session } = trunk;
  const terms = inviteTerms(session.lateOffer ? { ...session, prack: "off" } : session);
  let sent = 0;
  let sipCallId = "";
  let reliable = 0;
  return new Promise((resolve) => {
    const settle = (outcome: CallOutcome): void => {
      clearTimeout(timer);
      if (outcome.leg === null) void media.close();
      resolve(outcome);
    };
    const setupMs = (): number => performance.now() - startedAt;
    const attempt = deps.trunks.caller.invite(
      trunk,
      {
        destination: numberDestination(trunk, hop.hop, number),
        headers: { ...identityHeaders(trunk, { caller, passed: NOTHING_PASSED }), ...terms, Allow: ALLOW },
        localSdp: session.lateOffer ? null : media.firstSdp(),
        answerTo: (offer) => {
          const outcome = media.takeOffer(offer);
          return outcome.type === "answer" ? outcome.sdp : null;
        },
      },
      {
        onSent: (id) => {
          sent++;
          sipCallId = id;
        },
        onProvisional: (_status, _sdp, reply) => {
          if (reply.get("rseq") !== undefined) reliable++;
        },
        onAnswered: (dialog, sdp) => {
          const answer = dialog.remote.sdp ?? sdp;
          const hasAudio = session.lateOffer || media.takeAnswer(sdp) !== null;
          const said = finalOf(dialog);
          const facts = { status: 200, line: "SIP/2.0 200 OK", challenged: sent > 1, ...saidBy(said) };
          if (!hasAudio) {
            dialog.destroy({ headers: { Reason: reasonHeader(127, "no audio in common") } }, () => undefined);
            settle(
              refused({ ...facts, status: 488, line: "the answer has no audio that we know" }, setupMs(), sipCallId),
            );
            return;
          }
          const agreed: AgreedFacts = {
            ...{ codec: media.endpoint.codec, wished: wish.codecs[0] ?? "", reliable },
            ...{ srtp: /\bRTP\/SAVP/.test(answer) || /^a=crypto:/m.test(answer), srtpWanted: trunk.media.srtp },
            supports100rel: /100rel/i.test(`${said("supported") ?? ""} ${said("require") ?? ""}`) || reliable > 0,
            sessionExpires: Number.parseInt(said("session-expires") ?? "0", 10) || 0,
          };
          const addresses = { signalling, ours: trunk.media.natAddress || deps.publicAddress || local };
          const leg = { ...legOf({ dialog, media, ear, sdp: answer, sipCallId, addresses }), agreed };
          settle({ answer: facts, setupMs: setupMs(), sipCallId, leg });
        },
        onFailed: (status, reason, reply) =>
          settle(refused(failureOf(status, reason, reply, sent > 1), setupMs(), sipCallId)),
      },
    );
    const timer = setTimeout(() => {
      attempt.cancel();
      settle(refused({ ...unanswered("nobody answered the test number in time"), status: 480 }, setupMs(), sipCallId));
    }, ANSWER_MS);
  });
}

function failureOf(status: number, reason: string, reply: SipReply | null, challenged: boolean): AnsweredFacts {
  if (reply === null) return { ...unanswered(reason), status: status === 503 ? 0 : status };
  return { status, line: `SIP/2.0 ${status} ${reason}`, challenged, ...saidBy((name) => reply.get(name)) };
}

/** The 200 that made the dialog: drachtio-srf keeps it there. */
function finalOf(dialog: SipDialog): (name: string) => string | undefined {
  const { res } = dialog as { readonly res?: SipMessage };
  return (name) => res?.get(name);
}

async function addressOf({ hop }: TrunkHop): Promise<string> {
  if (hop.type === "registered") return hop.at.address;
  const { place } = await resolvePeer(hop.peer, 0);
  return place?.address ?? hop.peer.host;
}

async function takeCall(call: ClaimedCall): Promise<DoctorLeg | null> {
  const ear = new Ear();
  const media = await LegMedia.open({
    ...call.media,
    onFrame: ({ samples }) => ear.take(samples, media.endpoint.sampleRateHz),
    onDigit: (digit) => ear.key(digit),
  });
  return new Promise((resolve) => {
    call.answer(media.firstSdp(), (dialog) => {
      if (dialog === null) {
        void media.close();
        resolve(null);
        return;
      }
      const { signallingSource: signalling, sdpAddress: ours } = call.media;
      const { sipCallId, sdpAddress: sdp } = call;
      resolve(legOf({ dialog, media, ear, sipCallId, sdp, addresses: { signalling, ours } }));
    });
  });
}

/** What one end hears: the two tones, and keys. */
class Ear {
  readonly #tones = new Map<number, ProbeListener>(Object.values(PROBE_HZ).map((hz) => [hz, new ProbeListener(hz)]));
  #digits = "";

  take(samples: Int16Array, sampleRateHz: number): void {
    for (const listener of this.#tones.values()) listener.take(samples, sampleRateHz);
  }
  key(digit: string): void {
    this.#digits += digit;
  }
  hasHeard = (hz: number): boolean => this.#tones.get(hz)?.heard === true;
  get digits(): string {
    return this.#digits;
  }
}

function legOf(made: {
  readonly dialog: SipDialog;
  readonly media: LegMedia;
  readonly ear: Ear;
  readonly sdp: string;
  readonly sipCallId: string;
  readonly addresses: { readonly signalling: string; readonly ours: string };
}): DoctorLeg {
  const { dialog, media, ear, sdp, sipCallId } = made;
  const { signalling, ours } = made.addresses;
  const { endpoint } = media;
  let isOver = false;
  dialog.on("destroy", () => {
    isOver = true;
  });
  followReInvites(
    dialog,
    () => media,
    () => undefined,
  );
  return {
    sipCallId,
    dtmfNegotiated: /telephone-event/i.test(sdp),
    addresses: {
      sdp: /^c=IN IP[46] (\S+)/m.exec(sdp)?.[1] ?? sdp,
      ...{ signalling, ours, oursIsLocal: isOurs(ours) },
    },
    sendTone: (hz, ms) => void endpoint.play(probeTone(hz, ms, endpoint.sampleRateHz)),
    hasHeard: ear.hasHeard,
    sendDigit: (digit) => sendDigit({ media, dialog }, digit),
    digits: () => ear.digits,
    counts() {
      const { packetsOut, packetsIn, strangerIn, lostIn } = endpoint.report();
      const expected = packetsIn + lostIn;
      return {
        sent: packetsOut,
        received: packetsIn,
        strangers: strangerIn,
        lossFraction: expected === 0 ? 0 : lostIn / expected,
      };
    },
    hold: (on) => (isOver ? Promise.resolve(481) : reInvite(dialog, media, on)),
    async hangUp() {
      if (!isOver) dialog.destroy({ headers: { Reason: reasonHeader(16, "the trial is over") } }, () => undefined);
      isOver = true;
      await media.close();
    },
  };
}

/** Final status of a re-INVITE; 0: none came. */
function reInvite(dialog: SipDialog, media: LegMedia, hold: boolean): Promise<number> {
  const offer = media.nextOffer();
  const sdp = hold ? offer.replace(/^a=sendrecv/m, "a=sendonly") : offer;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(0), RE_INVITE_MS);
    dialog.modify(sdp, (error, answer) => {
      clearTimeout(timer);
      if (error === null || error === undefined) media.takeAnswer(answer ?? "");
      resolve(error === null || error === undefined ? 200 : (error.status ?? 500));
    });
  });
}

const isOurs = (address: string): boolean =>
  /^127\./.test(address) ||
  Object.values(networkInterfaces()).some((items) => items?.some((item) => item.address === address));
