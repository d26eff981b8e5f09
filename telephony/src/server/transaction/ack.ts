import {
  type Essentials,
  header,
  makeRequest,
  type SipHeader,
  type SipRequest,
  type SipResponse,
} from "../message/index.ts";

/**
 * The ACK that an INVITE client transaction sends for a 3xx–6xx: Request-URI, Call-ID, From, CSeq number, top Via and Route of the
 * INVITE, To of the response (RFC 3261 §17.1.1.3).
 */
export function ackForFailure(invite: SipRequest, response: SipResponse): SipRequest {
  return echoOf(invite, "ACK", response.headers.find((item) => item.key === "to") ?? null);
}

/** The CANCEL of an INVITE: the same, with the INVITE's own To (RFC 3261 §9.1). `extra` comes from the application. */
export function cancelFor(invite: SipRequest, extra: readonly SipHeader[] = []): SipRequest {
  return echoOf(invite, "CANCEL", null, extra);
}

function echoOf(
  invite: SipRequest,
  method: string,
  to: SipHeader | null,
  extra: readonly SipHeader[] = [],
): SipRequest {
  const headers: SipHeader[] = [];
  let vias = 0;
  for (const item of invite.headers) {
    switch (item.key) {
      case "via":
        if (vias++ === 0) headers.push(item);
        break;
      case "to":
        headers.push(to ?? item);
        break;
      case "cseq":
        headers.push(header("CSeq", `${item.value.split(/\s+/)[0] ?? "1"} ${method}`));
        break;
      case "max-forwards":
      case "route":
      case "from":
      case "call-id":
        headers.push(item);
        break;
    }
  }
  return makeRequest({ method, uri: invite.uri, headers: [...headers, ...extra] });
}

/** Branches that RFC 3261 elements make begin with this. */
export const BRANCH_COOKIE = "z9hG4bK";

/**
 * Which server transaction a request belongs to (RFC 3261 §17.2.3); ACK and CANCEL find that of their INVITE when `method` says so.
 */
export function serverKeyOf(fields: Essentials, method: string): string {
  const { branch, via } = fields;
  // A branch of nothing but the cookie is unique to nobody (RFC 4475 §3.2.1).
  if (branch.length > BRANCH_COOKIE.length && branch.startsWith(BRANCH_COOKIE))
    return `${branch} ${via.host}:${via.port ?? ""} ${method}`;
  // RFC 2543: the ACK's To may carry a tag that the INVITE's had not, so To is left out.
  return `2543 ${fields.callId} ${fields.fromTag} ${fields.cseq.number} ${via.host}:${via.port ?? ""} ${branch} ${method}`;
}

/** Which client transaction a response belongs to (RFC 3261 §17.1.3). */
export const clientKeyOf = (branch: string, method: string): string => `${branch} ${method}`;
