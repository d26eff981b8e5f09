import { type Static, Type } from "typebox";
import { PageSchema } from "./common.ts";

/**
 * What was said on the wire: `GET /api/calls` (attempts, newest first, also those that never became a conversation),
 * `GET /api/calls/:sipCallId/trace`, `GET /api/calls/:sipCallId/capture.pcap?include=sip|rtcp|rtp` (each includes the ones before; `rtp`
 * needs the role `auditor` or `administrator` and is audited). All times are Unix milliseconds with a fraction.
 */
export const CALL_SIDES = ["customer", "carrier", "us", "unknown"] as const;

/** Who ended it and why: the SIP and Q.850 codes with our own verdict. */
export const CallVerdictSchema = Type.Object({
  side: Type.Enum(CALL_SIDES),
  code: Type.String({
    description: "a `VerdictCode` of call-codes.ts: `answered-hung-up-by-caller`, `sip-486`, `q850-34` …",
  }),
  sipCode: Type.Integer({ description: "final response to the INVITE; 0: none" }),
  q850: Type.Integer({ description: "0: not told" }),
  endedBy: Type.Enum(["caller", "callee", "server", "nobody"]),
  what: Type.String({ description: "one line in plain words" }),
});
export type CallVerdict = Static<typeof CallVerdictSchema>;

export const CallAttemptSchema = Type.Object({
  sipCallId: Type.String(),
  at: Type.Number(),
  direction: Type.Enum(["inbound", "outbound"]),
  trunkId: Type.String({ description: "empty: a phone, or nobody we know" }),
  from: Type.String(),
  to: Type.String(),
  peer: Type.String({ description: "transport/address:port" }),
  conversationId: Type.Optional(Type.String()),
  setupMs: Type.Optional(Type.Number({ description: "INVITE to final response" })),
  pddMs: Type.Optional(Type.Number()),
  durationMs: Type.Optional(Type.Number({ description: "200 to BYE; absent: not answered or still up" })),
  verdict: Type.Optional(CallVerdictSchema),
  mos: Type.Optional(Type.Number({ description: "worst direction (ITU-T G.107), 1..4.5" })),
  oneWay: Type.Boolean(),
});
export type CallAttempt = Static<typeof CallAttemptSchema>;

/** `GET /api/calls`: what to show. `q` is looked for in the numbers and the Call-ID. */
export const CallListQuerySchema = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 40 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  q: Type.Optional(Type.String({ maxLength: 200 })),
  trunkId: Type.Optional(Type.String({ maxLength: 100 })),
  result: Type.Optional(
    Type.Enum(["answered", "failed", "open"], { description: "open: no final response yet, or still up" }),
  ),
  since: Type.Optional(Type.Integer({ minimum: 0, description: "Unix milliseconds" })),
});
/** `oldestAt`: what the ring still has; calls before it are gone. `problem`: empty, or why the list is not to be had. */
export const CallListSchema = Type.Object({
  ...PageSchema(CallAttemptSchema).properties,
  oldestAt: Type.Optional(Type.Number()),
  problem: Type.String(),
});
export type CallList = Static<typeof CallListSchema>;

/** One arrow of the ladder. */
export const LadderEntrySchema = Type.Object({
  at: Type.Number(),
  kind: Type.Enum(["sip", "rtcp", "note"]),
  from: Type.String({ description: "address:port; a lane of the ladder" }),
  to: Type.String(),
  line: Type.String({ description: "start line, or what the RTCP packet says" }),
  repeated: Type.Boolean({ description: "a retransmission" }),
  text: Type.Optional(Type.String({ description: "whole message" })),
  sdp: Type.Optional(Type.Enum(["offer", "answer"])),
});
export type LadderEntry = Static<typeof LadderEntrySchema>;

/** What an answer made of an offer, line by line of what matters. */
export const SdpDifferenceSchema = Type.Object({
  at: Type.Number(),
  field: Type.String({ description: "codec list, payload type, direction, address, ptime, crypto …" }),
  offer: Type.String(),
  answer: Type.String(),
  note: Type.String({ description: "empty, or what it means" }),
});

/** One direction of one leg's audio in one interval of five seconds. */
export const QualitySampleSchema = Type.Object({
  at: Type.Number(),
  packets: Type.Integer(),
  lost: Type.Integer(),
  late: Type.Integer(),
  jitterMs: Type.Number(),
  roundTripMs: Type.Optional(Type.Number()),
  mos: Type.Optional(Type.Number({ description: "E-model (ITU-T G.107) with the codec's Ie and Bpl" })),
});
export type QualitySample = Static<typeof QualitySampleSchema>;
export const DirectionQualitySchema = Type.Object({
  samples: Type.Array(QualitySampleSchema, { maxItems: 4000 }),
  packets: Type.Integer(),
  lost: Type.Integer(),
  lossFraction: Type.Number(),
  jitterMs: Type.Number({ description: "RFC 3550 §6.4.1, mean over the call" }),
  maxJitterMs: Type.Number(),
  roundTripMs: Type.Optional(Type.Number()),
  mos: Type.Optional(Type.Number()),
  unknownBecause: Type.String({
    description: "why a figure is missing, e.g. the peer sends no RTCP; empty: nothing is",
  }),
});
export type DirectionQuality = Static<typeof DirectionQualitySchema>;
export const LegMediaSchema = Type.Object({
  sipCallId: Type.String(),
  legId: Type.String({ description: "empty: the customer's" }),
  codec: Type.String(),
  srtp: Type.String({ description: "suite, empty: none" }),
  ptimeMs: Type.Integer(),
  dtmfSeen: Type.Array(Type.Object({ at: Type.Number(), digit: Type.String(), via: Type.String() })),
  local: Type.String(),
  remote: Type.String(),
  in: DirectionQualitySchema,
  out: DirectionQualitySchema,
  oneWay: Type.Boolean({ description: "one direction was silent for more than two seconds while the call was up" }),
  oneWaySide: Type.Enum(["", "in", "out"]),
  strangers: Type.Integer({ description: "packets from elsewhere, dropped" }),
});
export type LegMediaReport = Static<typeof LegMediaSchema>;

export const CallTraceSchema = Type.Object({
  attempt: CallAttemptSchema,
  lanes: Type.Array(Type.Object({ address: Type.String(), name: Type.String() })),
  ladder: Type.Array(LadderEntrySchema),
  sdp: Type.Array(SdpDifferenceSchema),
  legs: Type.Array(LegMediaSchema),
  complete: Type.Boolean({ description: "false: older messages have left the ring" }),
  ticket: Type.String({ description: "all of it as text for a ticket" }),
});
export type CallTrace = Static<typeof CallTraceSchema>;
