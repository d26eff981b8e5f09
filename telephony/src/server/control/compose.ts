import { canonicalName, header, type SipHeader } from "../message/index.ts";
import type { AppHeader, AppMessage } from "./command.ts";

/** How an application's headers become a message's (protocol §7.1). */

/** Never taken from an application: the stack's own. */
const IMMUTABLE = new Set(["via", "route", "record-route", "rseq", "content-length"]);
const LOCALHOST_FIELDS = new Set(["contact", "to", "from", "p-asserted-identity"]);

const LOCALHOST = /(sips?:(?:[^@<>\s;,]*@)?)localhost(?::\d+)?(?=$|[;>?\s,])/gi;

/** Writes the server's own address where the application wrote `localhost`. */
export function replaceLocalhost(value: string, hostport: string): string {
  return value.includes("localhost") ? value.replace(LOCALHOST, (_, before: string) => before + hostport) : value;
}

/** The application's headers that pass, spelt canonically; `taken` are those that the caller writes itself. */
export function passHeaders(
  message: AppMessage,
  { taken, hostport }: { readonly taken: ReadonlySet<string>; readonly hostport: string },
): readonly SipHeader[] {
  const headers: SipHeader[] = [];
  for (const { name, key, value } of message.headers) {
    if (IMMUTABLE.has(key) || taken.has(key)) continue;
    headers.push(header(spelling(name), LOCALHOST_FIELDS.has(key) ? replaceLocalhost(value, hostport) : value));
  }
  return headers;
}

// Spellings repeat from message to message; the bound keeps an application from filling memory with invented names.
const SPELLINGS_LIMIT = 1000;
const spellings = new Map<string, string>();
function spelling(name: string): string {
  const known = spellings.get(name);
  if (known !== undefined) return known;
  const canonical = canonicalName(name);
  if (spellings.size < SPELLINGS_LIMIT) spellings.set(name, canonical);
  return canonical;
}

export type ContentType =
  | { readonly type: "given" }
  | { readonly type: "none" }
  | { readonly type: "sdp" }
  | { readonly type: "missing" };

/** Whether a body needs a Content-Type: the application's, `application/sdp` for what begins like SDP, else it is missing. */
export function contentTypeOf(headers: readonly AppHeader[], body: Buffer): ContentType {
  if (headers.some(({ key }) => key === "content-type")) return { type: "given" };
  if (body.length === 0) return { type: "none" };
  return body.toString("latin1", 0, 3) === "v=0" ? { type: "sdp" } : { type: "missing" };
}

export const SDP_TYPE: SipHeader = header("Content-Type", "application/sdp");
