/** Grammar of single header values: URIs, addresses, Via, CSeq, parameters, lists (RFC 3261 §25.1, read tolerantly). */

/** Parameters as text: `""` or `;a=b;c`. */
export type Params = string;

export interface SipUri {
  readonly scheme: string;
  /** User with password, as written. */
  readonly user: string | null;
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number | null;
  readonly params: Params;
}

export interface NameAddr {
  readonly display: string;
  readonly uri: string;
  readonly params: Params;
}

export interface Via {
  /** Upper case: `UDP`, `TCP`. */
  readonly transport: string;
  readonly host: string;
  readonly port: number | null;
  readonly params: Params;
}

export interface CSeq {
  readonly number: number;
  readonly method: string;
}

/** Index just after the quoted string that opens at `start`; the text's length when it never closes. */
function afterQuotes(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5c) i++;
    else if (c === 0x22) return i + 1;
  }
  return text.length;
}

/** Splits a list at the commas outside quotes and angle brackets. */
export function splitList(value: string): readonly string[] {
  if (value.indexOf(",") === -1) return value === "" ? [] : [value];
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c === 0x22) i = afterQuotes(value, i) - 1;
    else if (c === 0x3c) depth++;
    else if (c === 0x3e && depth > 0) depth--;
    else if (c === 0x2c && depth === 0) {
      parts.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts.filter((part) => part !== "");
}

/** Value of a parameter, `""` when it stands alone, null when absent. Names are case-insensitive. */
export function paramOf(params: Params, name: string): string | null {
  let at = 0;
  while (at < params.length) {
    // Invariant: params[at] is the `;` that opens a parameter.
    let end = at + 1;
    while (end < params.length) {
      const c = params.charCodeAt(end);
      if (c === 0x22) {
        end = afterQuotes(params, end);
        continue;
      }
      if (c === 0x3b) break;
      end++;
    }
    const equals = params.indexOf("=", at);
    const hasValue = equals !== -1 && equals < end;
    const key = params.slice(at + 1, hasValue ? equals : end).trim();
    if (key.length === name.length && key.toLowerCase() === name) {
      return hasValue ? params.slice(equals + 1, end).trim() : "";
    }
    at = end;
  }
  return null;
}

/** The parameters with one set (`value` null: standing alone); an earlier one of that name is replaced in place. */
export function withParam(params: Params, name: string, value: string | null): Params {
  const text = value === null ? `;${name}` : `;${name}=${value}`;
  const old = new RegExp(`;\\s*${name}\\s*(=[^;]*)?(?=;|$)`, "i");
  return old.test(params) ? params.replace(old, () => text) : params + text;
}

function portOf(text: string): number | null | undefined {
  if (text === "") return null;
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port > 0 && port < 65_536 ? port : undefined;
}

/** `host`, `host:port`, `[v6]:port`; null when it is none of them. */
export function parseHostPort(text: string): { readonly host: string; readonly port: number | null } | null {
  let host: string;
  let rest: string;
  if (text.startsWith("[")) {
    const close = text.indexOf("]");
    if (close === -1) return null;
    host = text.slice(1, close);
    if (!/^[0-9A-Fa-f:.]{2,45}$/.test(host)) return null;
    rest = text.slice(close + 1).trim();
  } else {
    const colon = text.indexOf(":");
    host = (colon === -1 ? text : text.slice(0, colon)).trim();
    if (!/^[A-Za-z0-9_.-]{1,255}$/.test(host)) return null;
    rest = colon === -1 ? "" : text.slice(colon).trim();
  }
  if (rest === "") return { host, port: null };
  if (!rest.startsWith(":")) return null;
  const port = portOf(rest.slice(1).trim());
  return port === undefined || port === null ? null : { host, port };
}

/** `host` for a URI or Via: IPv6 in brackets. */
export const hostText = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** A `sip:` or `sips:` URI; null for other schemes and for what is not a URI. */
export function parseUri(text: string): SipUri | null {
  const colon = text.indexOf(":");
  if (colon === -1) return null;
  const scheme = text.slice(0, colon).toLowerCase();
  if ((scheme !== "sip" && scheme !== "sips") || /[\s<>"]/.test(text)) return null;
  const query = text.indexOf("?", colon);
  const whole = query === -1 ? text.slice(colon + 1) : text.slice(colon + 1, query);
  const at = whole.lastIndexOf("@");
  const user = at === -1 ? null : whole.slice(0, at);
  const place = whole.slice(at + 1);
  const semi = place.indexOf(";");
  const target = parseHostPort(semi === -1 ? place : place.slice(0, semi));
  if (target === null || user === "") return null;
  return { scheme, user, host: target.host, port: target.port, params: semi === -1 ? "" : place.slice(semi) };
}

/** `"Display" <uri>;params`, `Display <uri>` or `uri;params` (there the parameters belong to the header, RFC 3261 §20). */
export function parseNameAddr(value: string): NameAddr | null {
  let i = 0;
  if (value.startsWith('"')) i = afterQuotes(value, 0);
  const open = value.indexOf("<", i);
  if (open === -1) {
    if (i > 0) return null;
    const semi = value.indexOf(";");
    const uri = (semi === -1 ? value : value.slice(0, semi)).trim();
    if (uri === "" || /[\s"]/.test(uri)) return null;
    return { display: "", uri, params: semi === -1 ? "" : value.slice(semi) };
  }
  const close = value.indexOf(">", open);
  if (close === -1) return null;
  const params = value.slice(close + 1).trim();
  if (params !== "" && !params.startsWith(";")) return null;
  return { display: value.slice(0, open).trim(), uri: value.slice(open + 1, close).trim(), params };
}

/** The `tag` of a From or To value, or null. */
export function tagOf(value: string): string | null {
  const params = parseNameAddr(value)?.params ?? "";
  const tag = params === "" ? null : paramOf(params, "tag");
  return tag === "" ? null : tag;
}

const VIA = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9-]+)\s+([^;]+?)\s*(;[\s\S]*)?$/i;
/** The first value of a Via header. */
export function parseVia(value: string): Via | null {
  const first = value.indexOf(",") === -1 ? value : (splitList(value)[0] ?? "");
  const match = VIA.exec(first);
  if (match === null) return null;
  const place = parseHostPort(match[2] ?? "");
  if (place === null) return null;
  return { transport: (match[1] ?? "").toUpperCase(), host: place.host, port: place.port, params: match[3] ?? "" };
}

/** Sets `received` and `rport` of the first Via of a value (RFC 3261 §18.2.1, RFC 3581 §4), leaving the rest as written. */
export function markVia(value: string, mark: { readonly received: string | null; readonly rport: number }): string {
  const [first = "", ...others] = splitList(value);
  const semi = first.indexOf(";");
  const head = semi === -1 ? first : first.slice(0, semi).trimEnd();
  let params = withParam(semi === -1 ? "" : first.slice(semi), "rport", String(mark.rport));
  if (mark.received !== null) params = withParam(params, "received", mark.received);
  return [head + params, ...others].join(", ");
}

const CSEQ = /^(\d{1,10})\s+([A-Za-z0-9\-.!%*_+`'~]+)$/;
/** CSeq: the number must be below 2^31 (RFC 3261 §8.1.1.5). */
export function parseCSeq(value: string): CSeq | null {
  const match = CSEQ.exec(value);
  if (match === null) return null;
  const number = Number(match[1]);
  return number < 2 ** 31 ? { number, method: match[2] ?? "" } : null;
}
