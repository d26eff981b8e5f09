import type { CallTrace, LadderEntry } from "@intramuros/contracts";
import type { LadderNote } from "./ladder-notes.ts";
import { rtcpLine } from "./rtcp-text.ts";
import { differences, type SdpDifference, sdpRoles } from "./sdp-exchange.ts";
import { readSipText, type SipText } from "./sip-text.ts";
import { type Endpoint, endpointText, hostOf, type MediaPacket, type WireMessage } from "./wire.ts";

export interface Ladder {
  readonly lanes: CallTrace["lanes"];
  readonly entries: readonly LadderEntry[];
  readonly sdp: readonly SdpDifference[];
}

/** A message with what it says; those that cannot be read have no text. */
export interface ReadMessage {
  readonly wire: WireMessage;
  readonly sip: SipText;
}

const TEXT_MAX = 16_384;

/** Messages that can be read, in the order of the wire. */
export const readMessages = (messages: readonly WireMessage[]): readonly ReadMessage[] =>
  messages
    .toSorted((a, b) => a.atMs - b.atMs)
    .flatMap((wire) => {
      const sip = readSipText(wire.data);
      return sip === null ? [] : [{ wire, sip }];
    });

/**
 * The arrows between the lanes. We are one lane, whatever the number of our sockets; a peer is one lane for each leg, whatever ports
 * it sends from, so that a TCP connection or a second socket does not draw a stranger.
 */
export function drawLadder(given: {
  readonly messages: readonly ReadMessage[];
  readonly rtcp: readonly MediaPacket[];
  readonly notes: readonly LadderNote[];
  readonly ownName: string;
  readonly nameOf: (remote: Endpoint) => string;
}): Ladder {
  const lanes = laneBook(given.ownName, given.nameOf);
  const seen = new Set<string>();
  const dialogs = new Map<string, Dialog>();
  const sdp: SdpDifference[] = [];
  const sip = given.messages.map(({ wire, sip: message }): LadderEntry => {
    const peer = lanes.peer(message.callId, wire.remote);
    const own = lanes.own(wire.local);
    const key = `${wire.out} ${wire.data.toString("latin1")}`;
    const repeated = seen.has(key);
    seen.add(key);
    const dialog = dialogs.get(message.callId) ?? { role: sdpRoles(), offer: null, told: new Set<string>() };
    dialogs.set(message.callId, dialog);
    const role = repeated ? null : dialog.role(message);
    if (role !== null) sdp.push(...exchange(dialog, role, message, wire));
    return {
      at: wire.atMs,
      kind: "sip",
      ...(wire.out ? { from: own, to: peer } : { from: peer, to: own }),
      line: message.line,
      repeated,
      text: message.text.slice(0, TEXT_MAX),
      ...(role === null ? {} : { sdp: role }),
    };
  });
  const rtcp = given.rtcp.map((packet): LadderEntry => {
    const peer = lanes.peer(packet.sipCallId, packet.remote);
    const own = lanes.own(packet.local);
    return {
      at: packet.atMs,
      kind: "rtcp",
      ...(packet.out ? { from: own, to: peer } : { from: peer, to: own }),
      line: rtcpLine(packet.data),
      repeated: false,
    };
  });
  const us = lanes.all().find(({ name }) => name === given.ownName)?.address;
  const notes = given.notes.flatMap(({ at, line }): readonly LadderEntry[] =>
    us === undefined ? [] : [{ at, kind: "note", from: us, to: us, line, repeated: false }],
  );
  return { lanes: lanes.all(), entries: [...sip, ...rtcp, ...notes].sort((a, b) => a.at - b.at), sdp };
}

interface Dialog {
  readonly role: ReturnType<typeof sdpRoles>;
  offer: { readonly sdp: string; readonly from: string } | null;
  readonly told: Set<string>;
}

function exchange(
  dialog: Dialog,
  role: "offer" | "answer",
  { sdp }: SipText,
  wire: WireMessage,
): readonly SdpDifference[] {
  if (sdp === null) return [];
  const from = wire.out ? wire.local.address : wire.remote.address;
  if (role === "offer") {
    dialog.offer = { sdp, from };
    return [];
  }
  const { offer } = dialog;
  // The same answer comes again in 183, in 200, and after an equal offer.
  if (offer === null || dialog.told.has(`${offer.sdp} ${sdp}`)) return [];
  dialog.told.add(`${offer.sdp} ${sdp}`);
  return differences({ at: wire.atMs, offer: offer.sdp, answer: sdp, offerFrom: offer.from, answerFrom: from });
}

function laneBook(ownName: string, nameOf: (remote: Endpoint) => string) {
  let own: string | null = null;
  const names = new Map<string, string>();
  const byLegAndHost = new Map<string, string>();
  return {
    own(local: Endpoint): string {
      own ??= endpointText(local);
      return own;
    },
    peer(callId: string, remote: Endpoint): string {
      const key = `${callId} ${remote.address}`;
      const known = byLegAndHost.get(key);
      if (known !== undefined) return known;
      const address = endpointText(remote);
      byLegAndHost.set(key, address);
      if (!names.has(address)) names.set(address, nameOf(remote) || hostOf(address));
      return address;
    },
    all: (): CallTrace["lanes"] => {
      const peers = [...names].map(([address, name]) => ({ address, name }));
      // The caller's lane stands left of ours, those we call stand right of it.
      const [first, ...rest] = peers;
      const us = own === null ? [] : [{ address: own, name: ownName }];
      return first === undefined ? us : [first, ...us, ...rest];
    },
  };
}
