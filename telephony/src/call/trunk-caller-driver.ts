import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { performance } from "node:perf_hooks";
import type { TrunkInput } from "@intramuros/contracts";
import { parseUri } from "../server/message/index.ts";
import { type Challenge, chooseChallenge, digestAnswer, parseChallenges } from "../trunk/digest-answer.ts";
import type { Destination } from "../trunk/outbound.ts";
import {
  isDialog,
  type SipAgent,
  type SipDialog,
  type SipReply,
  type SipRequest,
  type UnacknowledgedAnswer,
} from "./sip-types.ts";

/**
 * Sends requests and calls to the PBX of a trunk, and answers its challenges (MD5, SHA-256) with the trunk's account. The only place
 * that does: calls, registrations, OPTIONS and the doctor go through here.
 */
export interface TrunkCaller {
  request(trunk: TrunkInput, request: TrunkRequest): Promise<TrunkReply>;
  /** Rings; the listener is told from the next turn of the event loop on. */
  invite(trunk: TrunkInput, invite: TrunkInvite, listener: TrunkInviteListener): TrunkAttempt;
}

export interface TrunkRequest {
  readonly method: "OPTIONS" | "REGISTER" | "MESSAGE" | "SUBSCRIBE";
  readonly destination: Destination;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** No final response within: silent. The SIP server itself gives up after 32 s. */
  readonly timeoutMs: number;
}

export type TrunkReply =
  | {
      readonly type: "answered";
      readonly sipCode: number;
      readonly reason: string;
      /** Where the answer came from. */
      readonly address: string;
      readonly port: number;
      readonly roundTripMs: number;
      readonly header: (name: string) => string | undefined;
      readonly sipCallId: string;
      /** Why a challenge was not answered, as one sentence; empty: there was none, or it was. */
      readonly challengeProblem: string;
      readonly wasChallenged: boolean;
    }
  | { readonly type: "silent"; readonly problem: string; readonly sipCallId: string }
  /** Our own SIP server did not take it. */
  | { readonly type: "unsent"; readonly problem: string };

export interface TrunkInvite {
  readonly destination: Destination;
  readonly headers: Record<string, string>;
  /** Null: the PBX offers in its answer, and `answerTo` answers with the ACK. */
  readonly localSdp: string | null;
  readonly answerTo: (offer: string) => string | null;
}

export interface TrunkInviteListener {
  readonly onSent?: (sipCallId: string) => void;
  readonly onProvisional: (sipCode: number, sdp: string, reply: SipReply) => void;
  /** `sdp`: what the PBX answered to our offer; empty after a late one, which `answerTo` has seen. */
  readonly onAnswered: (dialog: SipDialog, sdp: string) => void;
  /** `reply` null: nobody answered, or it was not sent. */
  readonly onFailed: (sipCode: number, reason: string, reply: SipReply | null) => void;
}

export interface TrunkAttempt {
  /** Takes the call back; an answer that crosses it is hung up. Nothing is told any more. */
  cancel(): void;
}

/** Shown again without being asked, as long as the nonce lasts: the PBX then need not refuse each REGISTER first. */
interface Remembered {
  readonly challenge: Challenge;
  readonly header: string;
  count: number;
}
const MAX_REMEMBERED = 2000;
/** A first challenge, and one more for a nonce that had gone stale. */
const MAX_CHALLENGED = 2;

export function createTrunkCaller(sip: SipAgent): TrunkCaller {
  const remembered = new Map<string, Remembered>();

  const credentials = (
    trunk: TrunkInput,
    key: string | null,
    reply: SipReply,
    request: { readonly method: string; readonly uri: string; readonly body: string },
    before: Challenge | null,
  ):
    | { readonly header: string; readonly value: string; readonly challenge: Challenge }
    | { readonly problem: string } => {
    const { account } = trunk;
    const isProxy = reply.status === 407;
    const header = isProxy ? "Proxy-Authorization" : "Authorization";
    const list = parseChallenges(reply.get(isProxy ? "proxy-authenticate" : "www-authenticate") ?? "");
    const challenge = chooseChallenge(list, account.realm);
    if (typeof challenge === "string") return { problem: CHALLENGE_PROBLEMS[challenge](list, account.realm) };
    if (account.username === "" && account.authUsername === "") {
      return { problem: "the PBX asks for a user name and password, and the trunk has none (account)" };
    }
    if (before !== null && !challenge.stale) return { problem: "the PBX does not take our user name or password" };
    const entry: Remembered = { challenge, header, count: 1 };
    if (key !== null) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(key, entry);
    }
    return { header, value: answerOf(trunk, entry, request), challenge };
  };

  /** Out of what an earlier challenge of this registrar left behind. */
  const known = (trunk: TrunkInput, key: string, request: { method: string; uri: string; body: string }) => {
    const entry = remembered.get(key);
    if (entry === undefined || entry.challenge.qop.length === 0) return {};
    entry.count++;
    return { [entry.header]: answerOf(trunk, entry, request) };
  };

  const request = async (trunk: TrunkInput, given: TrunkRequest): Promise<TrunkReply> => {
    const { method, destination } = given;
    const body = given.body ?? "";
    const asked = { method, uri: destination.uri, body };
    const key = method === "REGISTER" ? `${destination.uri} ${destination.proxy} ${trunk.account.username}` : null;
    const until = performance.now() + given.timeoutMs;
    let { proxy } = destination;
    let headers = { ...given.headers, ...(key === null ? {} : known(trunk, key, asked)) };
    let before: Challenge | null = null;
    let wasChallenged = false;
    for (let challenged = 0; ; challenged++) {
      const sent = await once(sip, { ...asked, proxy, headers, timeoutMs: until - performance.now() });
      if (sent.type !== "answered") return sent;
      const { reply, request: echo, roundTripMs } = sent;
      let challengeProblem = "";
      if (reply.status === 401 || reply.status === 407) {
        wasChallenged = true;
        // A nonce remembered from before counts as no try: its time may simply be over.
        const made = credentials(trunk, key, reply, asked, before);
        if ("problem" in made) challengeProblem = made.problem;
        else if (challenged < MAX_CHALLENGED) {
          before = made.challenge;
          headers = { ...again(given.headers, echo), [made.header]: made.value };
          proxy = pinned(destination, reply);
          continue;
        }
        if (key !== null) remembered.delete(key);
      }
      return {
        ...{
          type: "answered",
          sipCode: reply.status,
          reason: reply.reason ?? "",
          roundTripMs,
          challengeProblem,
          wasChallenged,
        },
        ...{ address: reply.source_address, port: reply.source_port },
        header: (name) => reply.get(name),
        sipCallId: echo.get("call-id") ?? "",
      };
    }
  };

  const invite = (trunk: TrunkInput, given: TrunkInvite, listener: TrunkInviteListener): TrunkAttempt => {
    const { destination, localSdp } = given;
    const asked = { method: "INVITE", uri: destination.uri, body: localSdp ?? "" };
    let current: SipRequest | null = null;
    let isOver = false;
    let before: Challenge | null = null;

    const fail = (sipCode: number, reason: string, reply: SipReply | null): void => {
      if (isOver) return;
      isOver = true;
      listener.onFailed(sipCode, reason, reply);
    };
    const answered = (dialog: SipDialog, sdp: string): void => {
      if (isOver) {
        dialog.destroy({ headers: { Reason: 'Q.850;cause=16;text="answered too late"' } }, () => undefined);
        return;
      }
      isOver = true;
      const username = trunk.account.authUsername || trunk.account.username;
      if (username !== "") dialog.auth = { username, password: trunk.account.password };
      listener.onAnswered(dialog, sdp);
    };
    const send = (headers: Record<string, string>, proxy: string | null, challenged: number): void => {
      sip.createUAC(
        destination.uri,
        {
          ...{ localSdp: localSdp ?? undefined, noAck: localSdp === null, headers: { ...headers } },
          ...(proxy === null ? {} : { proxy }),
        },
        {
          cbRequest: (error, request) => {
            if (error !== null) return; // the callback below is told as well
            current = request;
            if (isOver) cancelRequest(request);
            else listener.onSent?.(request.get("call-id") ?? "");
          },
          cbProvisional: (reply) => {
            if (!isOver) listener.onProvisional(reply.status, reply.body ?? "", reply);
          },
        },
        (error, result) => {
          if (error !== null) {
            const reply = error.res ?? null;
            const retried = reply !== null && !isOver && retry(reply, challenged);
            if (retried === false) refused(error.status, error.message, reply);
            else if (typeof retried === "string") fail(reply?.status ?? 401, retried, reply);
          } else if (isDialog(result)) answered(result, result.remote.sdp ?? "");
          else lateOffer(result);
        },
      );
    };
    const retry = (reply: SipReply, challenged: number): boolean | string => {
      if ((reply.status !== 401 && reply.status !== 407) || current === null) return false;
      const made = credentials(trunk, null, reply, asked, before);
      if ("problem" in made) return made.problem;
      if (challenged >= MAX_CHALLENGED) return "the PBX challenges us again and again";
      before = made.challenge;
      send({ ...again(given.headers, current), [made.header]: made.value }, pinned(destination, reply), challenged + 1);
      return true;
    };
    const refused = (sipCode: number | undefined, message: string, reply: SipReply | null): void => {
      if (sipCode === undefined) fail(0, message, null);
      else if (reply === null || reply.source_address === "") fail(sipCode, silence(sipCode, reply), null);
      else fail(sipCode, reply.reason || message, reply);
    };
    const lateOffer = (result: UnacknowledgedAnswer): void => {
      const answer = isOver ? null : given.answerTo(result.sdp);
      if (answer === null) {
        void result.destroy().catch(() => undefined);
        fail(488, "the offer of the PBX has no audio that we know", null);
        return;
      }
      result.ack(answer).then(
        (dialog) => answered(dialog, ""),
        (error: unknown) => fail(500, error instanceof Error ? error.message : "the call could not be confirmed", null),
      );
    };
    setImmediate(() => {
      if (isOver) return;
      try {
        send(given.headers, destination.proxy, 0);
      } catch (error) {
        fail(0, error instanceof Error ? error.message : "the call could not be sent", null);
      }
    });
    return {
      cancel() {
        if (isOver) return;
        isOver = true;
        if (current !== null) cancelRequest(current);
      },
    };
  };

  return { request, invite };
}

type Sent =
  | { readonly type: "answered"; readonly reply: SipReply; readonly request: SipRequest; readonly roundTripMs: number }
  | Exclude<TrunkReply, { type: "answered" }>;

/** One transaction. */
function once(
  sip: SipAgent,
  given: {
    readonly method: string;
    readonly uri: string;
    readonly body: string;
    readonly proxy: string | null;
    readonly headers: Record<string, string>;
    readonly timeoutMs: number;
  },
): Promise<Sent> {
  return new Promise((resolve) => {
    let sipCallId = "";
    const timer = setTimeout(
      () => resolve({ type: "silent", problem: "no answer", sipCallId }),
      Math.max(1, given.timeoutMs),
    );
    const settle = (sent: Sent): void => {
      clearTimeout(timer);
      resolve(sent);
    };
    const startedAt = performance.now();
    const { method, uri, body, proxy, headers } = given;
    const options = {
      method,
      headers: { ...headers },
      ...(proxy === null ? {} : { proxy }),
      ...(body ? { body } : {}),
    };
    try {
      sip.request(uri, options, (error, request) => {
        if (error !== null) return settle({ type: "unsent", problem: error.message });
        sipCallId = request.get("call-id") ?? "";
        request.on("response", (reply: SipReply) => {
          if (reply.status < 200) return;
          if (reply.source_address === "") settle({ type: "silent", problem: silence(reply.status, reply), sipCallId });
          else settle({ type: "answered", reply, request, roundTripMs: performance.now() - startedAt });
        });
      });
    } catch (error) {
      settle({ type: "unsent", problem: error instanceof Error ? error.message : "the SIP server is away" });
    }
  });
}

function answerOf(
  trunk: TrunkInput,
  entry: Remembered,
  request: { readonly method: string; readonly uri: string; readonly body: string },
): string {
  const { account } = trunk;
  const username = account.authUsername || account.username;
  const cnonce = randomBytes(12).toString("hex");
  return digestAnswer(entry.challenge, {
    ...request,
    username,
    password: account.password,
    nonceCount: entry.count,
    cnonce,
  });
}

/** The same request once more: Call-ID and From with its tag stay, CSeq is one higher (RFC 3261 §22.2). */
function again(headers: Record<string, string>, sent: SipRequest): Record<string, string> {
  const [number = "0", method = ""] = (sent.get("cseq") ?? "").trim().split(/\s+/);
  const kept = Object.entries(headers).filter(([name]) => !/^(from|call-id|cseq)$/i.test(name));
  return {
    ...Object.fromEntries(kept),
    From: sent.get("from") ?? "",
    "Call-ID": sent.get("call-id") ?? "",
    CSeq: `${Number(number) + 1} ${method}`,
  };
}

/** A name may stand for several machines, and only the one that challenged knows its nonce. TLS keeps the name: it is in the certificate. */
function pinned({ uri, proxy }: Destination, reply: SipReply): string | null {
  const hop = proxy ?? uri;
  const literal = isIP(parseUri(hop)?.host ?? "") !== 0;
  if (literal || reply.source_address === "" || /^sips:|transport=(tls|wss)/i.test(hop)) return proxy;
  const host = reply.source_address.includes(":") ? `[${reply.source_address}]` : reply.source_address;
  const transport = /;transport=[a-z]+/i.exec(hop)?.[0] ?? "";
  return `sip:${host}:${reply.source_port}${transport}`;
}

function cancelRequest(request: SipRequest): void {
  try {
    request.cancel(() => undefined);
  } catch {
    // The connection to the SIP server is gone, and the transaction with it.
  }
}

/** Our SIP server says in a Warning why it could not reach the PBX: a certificate, a refused connection. */
function silence(sipCode: number, reply: SipReply | null): string {
  const why = /^399 intramuros "([^"]{1,200})"/.exec(reply?.get("warning") ?? "")?.[1];
  if (why !== undefined) return why;
  return sipCode === 503 ? "the PBX cannot be reached" : "no answer";
}

const CHALLENGE_PROBLEMS = {
  none: () => "the PBX refuses us without a challenge that we can read",
  realm: (list: readonly Challenge[], realm: string) =>
    `the PBX asks in the realm "${list[0]?.realm ?? ""}", the trunk's account is for "${realm}" (account.realm)`,
  algorithm: (list: readonly Challenge[]) =>
    `the PBX asks for the hash ${list[0]?.algorithm ?? ""}, which we do not know`,
  qop: (list: readonly Challenge[]) =>
    `the PBX asks for the quality of protection ${list[0]?.qop.join(", ")}, which we do not know`,
} satisfies Record<string, (list: readonly Challenge[], realm: string) => string>;
