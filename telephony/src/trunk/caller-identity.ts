import { paramOf, parseNameAddr, splitList } from "../server/message/index.ts";
import { inboundNumber, type Numbering } from "./number-rules.ts";

/** Who calls, and what a call carries along, as the headers of an INVITE say (RFC 3323, RFC 3325, RFC 5806, RFC 7044, RFC 7433). */
export interface CallerIdentity {
  /** As rewritten by the trunk's rules; empty: none is known. */
  readonly number: string;
  readonly displayName: string;
  /** The caller asked that the number be shown to nobody. */
  readonly isPrivate: boolean;
}

/** Headers that go on to another leg as they came; empty: none. */
export interface PassedHeaders {
  readonly diversion: string;
  readonly historyInfo: string;
  readonly userToUser: string;
}
export const NOTHING_PASSED: PassedHeaders = { diversion: "", historyInfo: "", userToUser: "" };

type HeaderOf = (name: string) => string | undefined;
const MAX_NUMBER = 128;
const MAX_NAME = 128;
const MAX_PASSED = 2048;

/** `trusted`: whether what the PBX asserts counts more than what the caller's phone says of itself. */
export function callerOf(
  header: HeaderOf,
  trunk: { readonly trusted: boolean; readonly numbering: Numbering | null },
): CallerIdentity {
  const from = person(header("from"));
  const remoteParty = header("remote-party-id");
  const asserted = trunk.trusted ? (person(header("p-asserted-identity")) ?? person(remoteParty)) : null;
  const claimed = from === null || isAnonymous(from) ? person(header("p-preferred-identity")) : null;
  const chosen = asserted ?? claimed ?? from;
  const isPrivate =
    /\b(id|user|header)\b/i.test(header("privacy") ?? "") ||
    (trunk.trusted && /;\s*privacy\s*=\s*"?(full|uri)/i.test(remoteParty ?? "")) ||
    (from !== null && isAnonymous(from) && asserted === null && claimed === null);
  if (chosen === null || isAnonymous(chosen)) return { number: "", displayName: "", isPrivate };
  const number = inboundNumber(trunk.numbering?.inboundCaller ?? [], chosen.user).slice(0, MAX_NUMBER);
  return { number, displayName: (chosen.display || (from?.display ?? "")).slice(0, MAX_NAME), isPrivate };
}

/** What the trunk that the call came from lets us keep, and the trunk that it goes to lets us say, is decided by `outbound.ts`. */
export function passedHeaders(header: HeaderOf): PassedHeaders {
  const get = (name: string): string => {
    const value = (header(name) ?? "").replace(/[\r\n]+/g, " ");
    return value.length > MAX_PASSED ? "" : value;
  };
  return { diversion: get("diversion"), historyInfo: get("history-info"), userToUser: get("user-to-user") };
}

interface Person {
  readonly user: string;
  readonly host: string;
  readonly display: string;
}

/** The first address of a header: `sip:`, `sips:` and `tel:`. */
function person(value: string | undefined): Person | null {
  const first = splitList(value ?? "")[0];
  const address = first === undefined ? null : parseNameAddr(first);
  if (address === null) return null;
  const match = /^(?:sips?:(?:([^@]*)@)?([^;?]*)|tel:([^;]*))/i.exec(address.uri);
  if (match === null) return null;
  const user = (match[1] ?? match[3] ?? "").split(";")[0]!.split(":")[0]!;
  return { user: decoded(user), host: match[2] ?? "", display: unquoted(address.display) };
}

const isAnonymous = ({ user, host }: Person): boolean =>
  user.toLowerCase() === "anonymous" || /(^|\.)anonymous\.invalid$/i.test(host);

function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

const unquoted = (display: string): string =>
  display.startsWith('"') ? display.slice(1, -1).replace(/\\(.)/g, "$1") : display;

/** The user that an address names, decoded: of To, Refer-To and their like; empty: none. */
export const userIn = (value: string | undefined): string => person(value)?.user ?? "";

/** Value of a parameter of the first address of a header. */
export function headerParam(value: string | undefined, name: string): string | null {
  const address = parseNameAddr(splitList(value ?? "")[0] ?? "");
  return address === null ? null : paramOf(address.params, name);
}
