/** Small readings of SIP fields that the calls need. */

/** Q.850 cause of a Reason header (RFC 3326); 0: none. */
export function q850Of(reason: string | undefined): number {
  const match = /q\.850\s*;[^,]*?cause\s*=\s*([0-9]{1,3})/i.exec(reason ?? "");
  return match === null ? 0 : Number(match[1]);
}

/** For BYE: why, in both numberings of the field. */
export const reasonHeader = (q850: number, text: string): string =>
  `Q.850;cause=${q850};text="${text.replace(/[^ -~]/g, "?").replace(/["\\]/g, "'")}"`;

/** The key in the body of an INFO; null: none. */
export function infoDigit(contentType: string, body: string): string | null {
  const type = contentType.split(";")[0]!.trim().toLowerCase();
  if (type === "application/dtmf-relay") {
    const match = /^\s*signal\s*=\s*([0-9a-d*#]{1,2})\s*$/im.exec(body);
    return match === null ? null : keyOf(match[1]!);
  }
  return type === "application/dtmf" ? keyOf(body.trim()) : null;
}

function keyOf(text: string): string | null {
  if (text === "10") return "*";
  if (text === "11") return "#";
  return /^[0-9a-d*#]$/i.test(text) ? text.toUpperCase() : null;
}

/** `address` of `address:port`, brackets of IPv6 taken off. */
export function hostOf(hostPort: string): string {
  const match = /^\[?(.*?)\]?:([0-9]+)$/.exec(hostPort);
  return match === null ? hostPort : match[1]!;
}

/** User part of a SIP or tel URI, percent-decoded; empty: none. */
export function userOf(uri: string): string {
  const match = /^(?:sips?:([^@;>]+)@|tel:([^;>]+))/i.exec(uri);
  const user = (match?.[1] ?? match?.[2] ?? "").split(":")[0]!.split(";")[0]!;
  try {
    return decodeURIComponent(user).slice(0, 128);
  } catch {
    return user.slice(0, 128);
  }
}

/** Contacts of a REGISTER with their expiry in seconds (RFC 3261 §10.2.1). */
export function contactsOfHeader(
  contact: string | undefined,
  expires: string | undefined,
): readonly { readonly uri: string; readonly expiresSeconds: number }[] {
  if (contact === undefined || contact.trim() === "") return [];
  const fallback = seconds(expires) ?? 3600;
  if (contact.trim() === "*") return [{ uri: "*", expiresSeconds: 0 }];
  return splitList(contact)
    .slice(0, 20)
    .map((item) => {
      const named = /<([^>]*)>(.*)$/.exec(item);
      const uri = named?.[1] ?? item.split(";")[0]!;
      const params = named?.[2] ?? item.slice(uri.length);
      const own = /;\s*expires\s*=\s*"?([0-9]+)/i.exec(params);
      return { uri: uri.trim(), expiresSeconds: seconds(own?.[1]) ?? fallback };
    });
}

function seconds(text: string | undefined): number | null {
  return text !== undefined && /^\s*[0-9]{1,10}\s*$/.test(text) ? Number(text) : null;
}

/** Splits at commas outside of quotes and angle brackets. */
function splitList(text: string): string[] {
  const items: string[] = [];
  let item = "";
  let quoted = false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quoted && char === "\\") {
      item += char + (text[++i] ?? "");
      continue;
    }
    if (char === '"') quoted = !quoted;
    else if (!quoted && char === "<") depth++;
    else if (!quoted && char === ">") depth--;
    if (char === "," && !quoted && depth <= 0) {
      items.push(item);
      item = "";
    } else item += char;
  }
  return [...items, item].map((part) => part.trim()).filter((part) => part !== "");
}
