import { header, paramOf, parseVia, type SipRequest } from "../message/index.ts";
import { BRANCH_COOKIE } from "../transaction/index.ts";
import { ownContact, topVia } from "./effects.ts";
import type { CoreState, Flow } from "./state.ts";
import { flowTo } from "./target.ts";

/** Requests longer than this do not go by UDP when TCP can carry them (RFC 3261 §18.1.1). */
export const MAX_DATAGRAM_BYTES = 1300;

export const peerKey = ({ remote }: Flow): string => `${remote.address} ${remote.port}`;

/** The way of a request of this size: TCP for a large one whose peer does not refuse it, with UDP kept in reserve. */
export function sizeFlow(core: CoreState, flow: Flow, bytes: number): Flow | null {
  if (flow.transport !== "udp" || flow.mayStream !== true || bytes <= MAX_DATAGRAM_BYTES) return null;
  if ((core.noStreamUntil.get(peerKey(flow)) ?? 0) > core.now) return null;
  const stream = flowTo(core, flow.remote, "tcp");
  return stream === null ? null : { ...stream, mayStream: true };
}

/** The request as it leaves for another address: a new top Via, and our own Contact when it was the one of the old way. */
export function readdress(
  core: CoreState,
  request: SipRequest,
  way: { readonly from: Flow; readonly to: Flow },
): SipRequest {
  const secure = request.uri.startsWith("sips:");
  const oldContact = ownContact(core, way.from, secure);
  let viaSeen = false;
  const headers = request.headers.map((item) => {
    if (item.key === "via" && !viaSeen) {
      viaSeen = true;
      return header("Via", topVia(core, way.to, BRANCH_COOKIE + core.ids.token() + sealIn(item.value)));
    }
    if (item.key === "contact" && item.value === oldContact) return header("Contact", ownContact(core, way.to, secure));
    return item;
  });
  return { ...request, headers };
}

/** A proxied request carries the seal of its loop check behind a dot of its branch: it stays. */
function sealIn(via: string): string {
  const branch = paramOf(parseVia(via)?.params ?? "", "branch") ?? "";
  const dot = branch.indexOf(".");
  return dot === -1 ? "" : branch.slice(dot);
}
