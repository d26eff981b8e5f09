import { isIPv4 } from "node:net";
import type { SdpDifferenceSchema } from "@intramuros/contracts";
import type { Static } from "typebox";
import { codecName, readSdpText, type SdpText } from "./sdp-text.ts";
import type { SipText } from "./sip-text.ts";

export type SdpDifference = Static<typeof SdpDifferenceSchema>;
export type SdpRole = "offer" | "answer";

/**
 * Tells offers from answers in one dialog (RFC 3264, RFC 6337 §2.2). Give it the messages in their order.
 *
 * | message with SDP                        | is                                                        |
 * | --------------------------------------- | --------------------------------------------------------- |
 * | INVITE, UPDATE                          | an offer                                                  |
 * | response to a request that offered      | the answer                                                |
 * | response to an INVITE without SDP       | an offer                                                  |
 * | ACK, PRACK while a response's offer waits | the answer; else PRACK is an offer                      |
 */
export function sdpRoles(): (message: SipText) => SdpRole | null {
  const offered = new Set<string>();
  let responseOffer = false;
  return (message) => {
    if (message.sdp === null) return null;
    const key = `${message.seq} ${message.seqMethod}`;
    if (message.status !== 0) {
      if (offered.has(key)) return "answer";
      responseOffer = true;
      return "offer";
    }
    if ((message.method === "ACK" || message.method === "PRACK") && responseOffer) {
      responseOffer = false;
      return "answer";
    }
    if (message.method === "ACK") return "answer";
    offered.add(key);
    return "offer";
  };
}

/** What the answer made of the offer. `from` are the addresses the messages came from, to see whether NAT lies between. */
export function differences(exchange: {
  readonly at: number;
  readonly offer: string;
  readonly answer: string;
  readonly offerFrom: string;
  readonly answerFrom: string;
}): readonly SdpDifference[] {
  const offer = readSdpText(exchange.offer);
  const answer = readSdpText(exchange.answer);
  if (offer === null || answer === null) return [];
  const row = (field: string, of: (sdp: SdpText) => string, note: string): SdpDifference => ({
    at: exchange.at,
    field,
    offer: of(offer),
    answer: of(answer),
    note,
  });
  const rows = [
    row("codecs", codecsText, codecNote(offer, answer)),
    row("payload types", payloadsText, payloadNote(offer, answer)),
    row("telephone-event", eventsText, eventNote(offer, answer)),
    row("direction", (sdp) => sdp.direction, directionNote(offer, answer)),
    row("address", (sdp) => sdp.address, addressNote(offer, answer, exchange)),
    row("port", (sdp) => String(sdp.port), answer.port === 0 ? "port 0: the audio stream is refused" : ""),
    row(
      "ptime",
      (sdp) => sdp.ptime,
      offer.ptime === answer.ptime ? "" : "each side sends packets of the length that the other one asks for",
    ),
    row("profile", (sdp) => sdp.profile, profileNote(offer, answer)),
    row("crypto", (sdp) => (sdp.dtls ? ["DTLS", ...sdp.crypto] : sdp.crypto).join(", "), ""),
    row("rtcp", rtcpText, offer.rtcpMux && !answer.rtcpMux ? "RTCP goes to a port of its own" : ""),
  ];
  return rows.filter((item) => item.offer !== "" || item.answer !== "");
}

/** Names of codecs that both have; empty: none. */
export function commonCodecs(offer: SdpText, answer: SdpText): readonly string[] {
  const has = new Set(answer.codecs.map(({ name }) => name.toUpperCase()));
  return offer.codecs.map(({ name }) => name.toUpperCase()).filter((name) => has.has(name));
}

const codecsText = (sdp: SdpText): string => sdp.codecs.map(({ name }) => codecName(name)).join(", ");
const payloadsText = (sdp: SdpText): string =>
  sdp.codecs.map(({ payloadType, name }) => `${payloadType}=${codecName(name)}`).join(" ");
const eventsText = (sdp: SdpText): string =>
  sdp.telephoneEvent.map(({ payloadType, clockHz }) => `${payloadType}/${clockHz}`).join(", ");
const rtcpText = (sdp: SdpText): string =>
  [sdp.rtcp === "" ? "" : `port ${sdp.rtcp}`, sdp.rtcpMux ? "mux" : ""].filter(Boolean).join(", ");

function codecNote(offer: SdpText, answer: SdpText): string {
  const common = commonCodecs(offer, answer);
  if (common.length === 0) return "no codec in common: there will be no audio";
  const first = codecName(answer.codecs[0]?.name ?? "");
  if (first !== codecName(offer.codecs[0]?.name ?? "")) return `${first} is spoken: not the first choice of the offer`;
  return answer.codecs.length > 1 ? `${first} is spoken; the other side may change codec without asking` : "";
}

function payloadNote(offer: SdpText, answer: SdpText): string {
  const moved = answer.codecs.filter(({ payloadType, name }) =>
    offer.codecs.some((item) => item.name.toUpperCase() === name.toUpperCase() && item.payloadType !== payloadType),
  );
  if (moved.length === 0) return "";
  return `${moved.map(({ name }) => codecName(name)).join(", ")} has another number in the answer: each side sends by the other's`;
}

function eventNote(offer: SdpText, answer: SdpText): string {
  const [asked] = offer.telephoneEvent;
  const [given] = answer.telephoneEvent;
  if (asked === undefined && given === undefined) return "no keys as RFC 4733 events: INFO or tones in the audio";
  if (asked === undefined) return "answered though not offered";
  if (given === undefined) return "refused: keys come by INFO or as tones in the audio, or not at all";
  return asked.payloadType === given.payloadType
    ? ""
    : `the numbers differ: keys go out as ${given.payloadType} and come in as ${asked.payloadType}`;
}

function directionNote(offer: SdpText, answer: SdpText): string {
  if (offer.direction === "sendonly") return "put on hold by the side that offers";
  if (offer.direction === "inactive" || answer.direction === "inactive") return "no audio either way: hold";
  if (offer.direction === "recvonly") return "the side that offers only listens";
  if (answer.direction === "recvonly") return "the side that answers only listens: one-way on purpose";
  if (answer.direction === "sendonly") return "put on hold by the side that answers";
  return "";
}

function addressNote(
  offer: SdpText,
  answer: SdpText,
  { offerFrom, answerFrom }: { readonly offerFrom: string; readonly answerFrom: string },
): string {
  const notes = [note(offer.address, offerFrom, "offer"), note(answer.address, answerFrom, "answer")];
  return notes.filter(Boolean).join("; ");
  function note(address: string, from: string, which: string): string {
    if (address === "" || address === from) return "";
    if (/^(0\.0\.0\.0|::)$/.test(address)) return `${which}: no address, an old way to hold (RFC 2543)`;
    if (isPrivate(address) && !isPrivate(from)) {
      return `${which}: the private address ${address} came from ${from}: NAT lies between, audio goes back to where it comes from`;
    }
    return `${which}: audio at another address than the signalling (${from})`;
  }
}

function profileNote(offer: SdpText, answer: SdpText): string {
  const secure = (sdp: SdpText): boolean => /SAVP/.test(sdp.profile) || sdp.crypto.length > 0 || sdp.dtls;
  if (secure(offer) && !secure(answer)) return "encryption was offered and not taken";
  return !secure(offer) && secure(answer) ? "encryption was answered though not offered: not allowed" : "";
}

/** RFC 1918, RFC 6598 and unique local IPv6 addresses. */
export function isPrivate(address: string): boolean {
  if (!isIPv4(address)) return /^f[cd]/i.test(address);
  const [a = 0, b = 0] = address.split(".").map(Number);
  return a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128);
}
