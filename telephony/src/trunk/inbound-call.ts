import { trunkInput } from "@intramuros/contracts";
import { paramOf, parseUri } from "../server/message/index.ts";
import { isOpen } from "./calendar.ts";
import {
  type CallerIdentity,
  callerOf,
  NOTHING_PASSED,
  type PassedHeaders,
  passedHeaders,
  userIn,
} from "./caller-identity.ts";
import { isContactOf } from "./identify.ts";
import { matchNumber } from "./number-match.ts";
import { inboundNumber } from "./number-rules.ts";
import { type Refusal, type SessionTerms, sessionTerms } from "./session-terms.ts";
import type { FlowMessage, NumberMessage, SetupMessage, TrunkMessage } from "./set-up.ts";

/** What a new INVITE means to us once it is known whom it comes from; `trunk` null: one of our own phones. */
export interface InboundCall {
  /** The number that was dialled, as the trunk's rules write it. */
  readonly dialled: string;
  readonly caller: CallerIdentity;
  readonly passed: PassedHeaders;
  readonly terms: SessionTerms | Refusal;
}

interface Invite {
  readonly uri: string;
  readonly header: (name: string) => string | undefined;
  readonly sdp: string;
}

const PLAIN = trunkInput({ name: "phone" }).session;
const MAX_NUMBER = 128;

export function readInvite(trunk: TrunkMessage | null, invite: Invite): InboundCall {
  const { header } = invite;
  const user = requestUser(invite.uri).user;
  // A call to the contact that we registered: who was dialled stands in To.
  const raw = trunk !== null && isContactOf(trunk, user) ? userIn(header("to")) || user : user;
  const { identity } = trunk ?? { identity: null };
  const passed = passedHeaders(header);
  return {
    dialled: inboundNumber(trunk?.numbering.inboundDialled ?? [], raw).slice(0, MAX_NUMBER),
    caller: callerOf(header, { trusted: identity?.trusted ?? false, numbering: trunk?.numbering ?? null }),
    passed: {
      ...(identity?.diversion === "pass" ? passed : NOTHING_PASSED),
      userToUser: identity?.userToUser === "pass" ? passed.userToUser : "",
    },
    terms: sessionTerms(trunk?.session ?? PLAIN, header, invite.sdp),
  };
}

/** The number's flow at this moment: the one of the opening hours, or the other. Null: no number leads to a flow. */
export function flowAt(
  setup: SetupMessage,
  call: { readonly trunkId: string; readonly dialled: string; readonly unixMs: number },
): { readonly number: NumberMessage; readonly flow: FlowMessage } | null {
  const number = matchNumber(setup.numbers, call);
  if (number === null) return null;
  const calendar = setup.calendars.find((item) => item.id === number.calendarId);
  const isClosed = calendar !== undefined && !isOpen(calendar, call.unixMs);
  const flowOf = (id: string): FlowMessage | undefined => setup.flows.find((item) => item.id === id);
  // A caller outside of the hours is not turned away because nobody said what to do with him.
  const flow = (isClosed ? flowOf(number.closedFlowId) : undefined) ?? flowOf(number.flowId);
  return flow === undefined ? null : { number, flow };
}

/** User and `line` of a Request-URI; empty: none. */
export function requestUser(uri: string): { readonly user: string; readonly line: string } {
  const parsed = parseUri(uri);
  return { user: userIn(uri), line: parsed === null ? "" : (paramOf(parsed.params, "line") ?? "") };
}

/** The dialog that an INVITE wants to take the place of (RFC 3891 §3); null: none that can be read. */
export function replacesOf(header: string | undefined): {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly earlyOnly: boolean;
} | null {
  if (header === undefined) return null;
  const semi = header.indexOf(";");
  if (semi === -1) return null;
  const params = header.slice(semi);
  const [localTag, remoteTag] = [paramOf(params, "to-tag"), paramOf(params, "from-tag")];
  if (!localTag || !remoteTag) return null;
  return {
    callId: header.slice(0, semi).trim(),
    localTag,
    remoteTag,
    earlyOnly: paramOf(params, "early-only") !== null,
  };
}
