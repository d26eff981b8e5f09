import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

/**
 * The trunk form: `/api/trunks` (`GET`, `POST`, `PUT /:id`, `DELETE /:id`), and what belongs to one trunk: `GET /api/trunks/status`,
 * `GET /api/trunks/:id/history`, `POST /api/trunks/:id/rollback`, `GET /api/trunks/:id/sheet`, `POST /api/trunks/:id/doctor`,
 * `GET /api/trunk-doctor/:id`. Every field has a default that works with a plain PBX, so a name and an address make a trunk.
 * The same shape travels to telephony as JSON (`Trunk.form_json` of telephony.proto).
 */
const strict = { additionalProperties: false };
const section = { ...strict, default: {} };
const Text = (maxLength: number, description?: string) =>
  Type.String({ maxLength, default: "", ...(description === undefined ? {} : { description }) });
const Whole = (options: { minimum: number; maximum: number; default: number; description?: string }) =>
  Type.Integer(options);
const Flag = (value: boolean, description?: string) =>
  Type.Boolean({ default: value, ...(description === undefined ? {} : { description }) });

export const CODECS = ["PCMA", "PCMU", "G722"] as const;
export const TRUNK_MODES = ["peer", "register", "registrar"] as const;
export const TRUNK_TEMPLATES = ["generic", "avaya", "cucm", "huawei", "freepbx", "kamailio"] as const;
export const TRUNK_TRANSPORTS = ["udp", "tcp", "tls"] as const;
export const DTMF_MODES = ["auto", "rfc4733", "info", "inband"] as const;
export const SRTP_SUITES = ["AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"] as const;
const OffAllowRequire = (value: "off" | "allow" | "require") =>
  Type.Enum(["off", "allow", "require"], { default: value });

/** One place where the PBX takes calls. */
export const TrunkPeerSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 255, description: "address, name, or domain with NAPTR/SRV records" }),
    port: Whole({ minimum: 0, maximum: 65535, default: 0, description: "0: RFC 3263 decides (SRV, else 5060/5061)" }),
    transport: Type.Enum(TRUNK_TRANSPORTS, { default: "udp" }),
    priority: Whole({ minimum: 0, maximum: 65535, default: 0, description: "lower is tried first" }),
    weight: Whole({ minimum: 0, maximum: 65535, default: 1, description: "share among peers of one priority" }),
  },
  strict,
);
export type TrunkPeer = Static<typeof TrunkPeerSchema>;

/** A rewriting of numbers: the first rule whose pattern matches the whole number is applied. */
export const NumberRuleSchema = Type.Object(
  {
    pattern: Type.String({
      minLength: 1,
      maxLength: 80,
      description: "digits, +, X for any digit, and a final * for the rest",
    }),
    strip: Whole({ minimum: 0, maximum: 30, default: 0, description: "characters taken off the front" }),
    prepend: Text(30, "put before what is left"),
  },
  strict,
);
export type NumberRule = Static<typeof NumberRuleSchema>;
const Rules = Type.Array(NumberRuleSchema, { maxItems: 50, default: [] });

export const TrunkInputSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    enabled: Flag(true),
    note: Text(500),
    site: Text(80),
    template: Type.Enum(TRUNK_TEMPLATES, { default: "generic" }),
    mode: Type.Enum(TRUNK_MODES, {
      default: "peer",
      description: "peer: known by address · register: we register with it · registrar: it registers with us",
    }),
    addresses: Type.Array(Type.String({ maxLength: 64, description: "IPv4/IPv6 address or CIDR" }), {
      maxItems: 32,
      default: [],
      description: "who may call in by address; the addresses of the peers count as well",
    }),
    username: Text(80, "the PBX shows this to us (digest), where its address does not tell"),
    password: Text(128, "write-only; empty on update: unchanged"),
    peers: Type.Array(TrunkPeerSchema, { maxItems: 16, default: [], description: "where calls to the PBX go" }),
    /** What we show to the PBX: for REGISTER and for challenges to our calls. */
    account: Type.Object(
      {
        username: Text(80),
        authUsername: Text(80, "empty: the user name"),
        password: Text(128, "write-only; empty on update: unchanged"),
        realm: Text(128, "empty: whichever the PBX names"),
        domain: Text(255, "domain of the address of record; empty: host of the first peer"),
        contactUser: Text(80, "empty: the user name"),
        expiresSeconds: Whole({ minimum: 60, maximum: 86400, default: 600 }),
        outboundProxy: Text(255, "SIP URI that all requests go through, e.g. sip:sbc.bank.example;lr"),
      },
      section,
    ),
    identity: Type.Object(
      {
        fromUser: Text(80, "empty: the caller's number"),
        fromDomain: Text(255, "empty: our address"),
        callerId: Type.Enum(["from", "pai", "ppi", "rpid"], {
          default: "pai",
          description: "which header names the caller to the PBX, besides From; inbound all are understood",
        }),
        trusted: Flag(true, "whether P-Asserted-Identity and Remote-Party-ID of the PBX are believed (RFC 3325)"),
        privacy: Type.Enum(["pass", "always", "never"], { default: "pass" }),
        diversion: Type.Enum(["pass", "drop"], { default: "pass", description: "Diversion and History-Info" }),
        userToUser: Type.Enum(["pass", "drop"], { default: "pass" }),
      },
      section,
    ),
    tls: Type.Object(
      {
        minVersion: Type.Enum(["TLSv1.2", "TLSv1.3"], { default: "TLSv1.2" }),
        verify: Flag(true, "refuse a certificate that our CAs do not vouch for"),
        caPem: Text(65536, "CA or the PBX's own certificate, PEM; empty: the system's"),
        serverName: Text(255, "name in the certificate; empty: the peer's host"),
      },
      section,
    ),
    keepalive: Type.Object(
      {
        optionsSeconds: Whole({ minimum: 0, maximum: 3600, default: 60, description: "0: no OPTIONS are sent" }),
        downSeconds: Whole({ minimum: 5, maximum: 3600, default: 15, description: "interval while a peer is down" }),
        failures: Whole({ minimum: 1, maximum: 10, default: 2, description: "unanswered OPTIONS that mean down" }),
      },
      section,
    ),
    codecs: Type.Array(Type.Enum(CODECS), { minItems: 1, maxItems: 3, default: ["PCMA", "PCMU", "G722"] }),
    dtmf: Type.Enum(DTMF_MODES, {
      default: "auto",
      description: "auto: RFC 4733 when offered, INFO always, tones else",
    }),
    media: Type.Object(
      {
        ptimeMs: Type.Enum([10, 20, 30, 40], { default: 20, description: "asked of the PBX; we follow what it asks" }),
        srtp: OffAllowRequire("off"),
        srtpSuites: Type.Array(Type.Enum(SRTP_SUITES), { minItems: 1, maxItems: 2, default: [...SRTP_SUITES] }),
        symmetricRtp: Flag(true, "audio goes where the PBX's audio comes from, once it came from a checked address"),
        natAddress: Text(64, "address to write in SDP for this trunk; empty: telephony.publicAddress"),
        dscpSignalling: Whole({ minimum: 0, maximum: 63, default: 24, description: "CS3" }),
        dscpMedia: Whole({ minimum: 0, maximum: 63, default: 46, description: "EF" }),
        rtpPortMin: Whole({ minimum: 0, maximum: 65534, default: 0, description: "0: the machine's range" }),
        rtpPortMax: Whole({ minimum: 0, maximum: 65535, default: 0 }),
        dtmfPayloadType: Whole({ minimum: 96, maximum: 127, default: 101, description: "in our own offers" }),
        comfortNoise: Flag(false),
        rtcp: Flag(true),
        initialTimeoutSeconds: Whole({
          minimum: 0,
          maximum: 600,
          default: 30,
          description: "no audio from the start; 0: never",
        }),
        timeoutSeconds: Whole({ minimum: 0, maximum: 3600, default: 60, description: "audio stopped; 0: never" }),
        holdTimeoutSeconds: Whole({ minimum: 0, maximum: 7200, default: 1800 }),
      },
      section,
    ),
    session: Type.Object(
      {
        timers: OffAllowRequire("allow"),
        expiresSeconds: Whole({ minimum: 90, maximum: 86400, default: 1800 }),
        minSeSeconds: Whole({ minimum: 90, maximum: 3600, default: 90 }),
        refresher: Type.Enum(["auto", "uac", "uas"], { default: "auto" }),
        refreshMethod: Type.Enum(["auto", "invite", "update"], {
          default: "auto",
          description: "auto: UPDATE if allowed",
        }),
        prack: Type.Enum(["off", "supported", "required"], { default: "supported" }),
        earlyMedia: Type.Enum(["play", "ignore"], {
          default: "play",
          description: "of calls to the PBX, before the answer",
        }),
        ringBeforeAnswer: Type.Enum(["none", "180", "183"], {
          default: "none",
          description: "sent to callers before 200",
        }),
        ringMs: Whole({ minimum: 0, maximum: 30000, default: 0, description: "how long it rings before we answer" }),
        lateOffer: Flag(false, "our INVITEs carry no SDP; the PBX offers (3PCC-like PBXs)"),
        refer: Type.Enum(["allow", "bridge", "deny"], {
          default: "bridge",
          description: "what a REFER of the PBX does",
        }),
        ringSeconds: Whole({ minimum: 5, maximum: 300, default: 60 }),
        huntCodes: Type.Array(Type.Integer({ minimum: 300, maximum: 699 }), {
          maxItems: 40,
          default: [408, 430, 480, 500, 502, 503, 504],
          description: "a call to the PBX goes on to the next peer after these; a time-out counts as 408",
        }),
      },
      section,
    ),
    maxCalls: Whole({ minimum: 0, maximum: 2000, default: 0, description: "both directions; 0: no limit of its own" }),
    limits: Type.Object(
      {
        maxInbound: Whole({ minimum: 0, maximum: 2000, default: 0 }),
        maxOutbound: Whole({ minimum: 0, maximum: 2000, default: 0 }),
        callsPerSecond: Whole({
          minimum: 0,
          maximum: 1000,
          default: 0,
          description: "inbound; 0: no limit of its own",
        }),
        retryAfterSeconds: Whole({ minimum: 1, maximum: 600, default: 10, description: "with 503 above a limit" }),
      },
      section,
    ),
    numbering: Type.Object(
      {
        countryCode: Type.String({ maxLength: 3, pattern: "^[0-9]*$", default: "86" }),
        inboundCaller: Rules,
        inboundDialled: Rules,
        outbound: Rules,
        plus: Type.Enum(["keep", "strip", "add"], { default: "keep", description: "+ of E.164 numbers we dial" }),
        techPrefix: Text(16, "put before every number we dial"),
      },
      section,
    ),
  },
  strict,
);
export type TrunkInput = Static<typeof TrunkInputSchema>;

/** A whole form from the fields that matter; the rest are the defaults. */
export const trunkInput = (given: { readonly name: string } & DeepPartial<TrunkInput>): TrunkInput =>
  Value.Parse(TrunkInputSchema, Value.Default(TrunkInputSchema, structuredClone(given)));
type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

const { password: _in, account, ...readable } = TrunkInputSchema.properties;
const { password: _out, ...accountReadable } = account.properties;
/** What `GET` shows: no password. */
export const TrunkSchema = Type.Object({
  ...readable,
  account: Type.Object({ ...accountReadable, hasPassword: Type.Boolean() }),
  id: Type.String(),
  hasPassword: Type.Boolean(),
  revision: Type.Integer({ description: "grows with every change of this trunk" }),
  callsNow: Type.Integer(),
  callsTotal: Type.Integer(),
  lastCallAt: Type.Optional(Type.Integer()),
});
export type Trunk = Static<typeof TrunkSchema>;

/** One change of a trunk, newest first; `POST /rollback` with its revision puts that form back as a new revision. */
export const TrunkRevisionSchema = Type.Object({
  revision: Type.Integer(),
  at: Type.Integer(),
  by: Type.String(),
  changed: Type.Array(Type.String(), { description: "paths of the fields that differ from the revision before" }),
  /** The same fields with their values as text, cut short; a password shows that it changed and nothing else. */
  values: Type.Optional(Type.Array(Type.Object({ field: Type.String(), before: Type.String(), after: Type.String() }))),
});
export type TrunkRevision = Static<typeof TrunkRevisionSchema>;
export const TrunkHistorySchema = Type.Object({ items: Type.Array(TrunkRevisionSchema) });
export const TrunkRollbackSchema = Type.Object({ revision: Type.Integer({ minimum: 1 }) }, strict);

/** State of one peer of a trunk, from OPTIONS and from calls. Times are Unix milliseconds. */
export const PeerStatusSchema = Type.Object({
  host: Type.String(),
  address: Type.String({ description: "address:port last used; empty: never resolved" }),
  transport: Type.String(),
  state: Type.Enum(["up", "down", "unknown"]),
  sinceAt: Type.Integer(),
  lastOptionsAt: Type.Optional(Type.Integer()),
  lastCode: Type.Optional(Type.Integer({ description: "0: no answer" })),
  roundTripMs: Type.Optional(Type.Number()),
  problem: Type.String({ description: "empty, or one sentence" }),
  certificateExpiresAt: Type.Optional(Type.Integer()),
});
export type PeerStatus = Static<typeof PeerStatusSchema>;

/** `GET /api/trunks/status`: one for each trunk, as telephony sees it now. Ratios are 0..1 over the last 24 hours. */
export const TrunkStatusSchema = Type.Object({
  trunkId: Type.String(),
  state: Type.Enum(["up", "degraded", "down", "disabled", "unknown"]),
  problem: Type.String(),
  peers: Type.Array(PeerStatusSchema),
  registration: Type.Optional(
    Type.Object({
      direction: Type.Enum(["ours", "theirs"]),
      registered: Type.Boolean(),
      until: Type.Optional(Type.Integer()),
      nextAt: Type.Optional(Type.Integer()),
      lastCode: Type.Optional(Type.Integer()),
      contact: Type.String(),
      problem: Type.String(),
    }),
  ),
  callsNow: Type.Integer(),
  callsPeak: Type.Integer(),
  callsLimit: Type.Integer({ description: "0: none" }),
  attempts: Type.Integer(),
  answered: Type.Integer(),
  /** Answer–seizure ratio. */
  asr: Type.Optional(Type.Number()),
  /** Average call duration, seconds. */
  acdSeconds: Type.Optional(Type.Number()),
  /** Post-dial delay, milliseconds: INVITE to the first 180, 183 or 200. */
  pddMs: Type.Optional(Type.Number()),
  /** Network effectiveness ratio (ITU-T E.425). */
  ner: Type.Optional(Type.Number()),
  failures: Type.Array(Type.Object({ code: Type.Integer(), count: Type.Integer(), lastAt: Type.Integer() })),
});
export type TrunkStatus = Static<typeof TrunkStatusSchema>;

export const TrunkStatusListSchema = Type.Object({ items: Type.Array(TrunkStatusSchema) });

/** What the doctor tries, in this order. */
export const DOCTOR_STEPS = [
  "resolve",
  "transport",
  "tls",
  "options",
  "registration",
  "call",
  "codec",
  "prack",
  "audio",
  "dtmf",
  "hold",
  "timers",
] as const;
/** One finding in plain words. `code` is stable: the console has its own words for it in each language. */
export const DoctorFindingSchema = Type.Object({
  step: Type.Enum(DOCTOR_STEPS),
  result: Type.Enum(["passed", "warning", "failed", "skipped"]),
  code: Type.String(),
  what: Type.String({ description: "what was seen" }),
  change: Type.String({ description: "what to change, and where (ours or the PBX); empty when nothing" }),
  field: Type.String({ description: "path of the trunk form, empty when it is not ours" }),
  evidence: Type.String({ description: "the SIP line, certificate or packet count that shows it" }),
  tookMs: Type.Integer(),
});
export type DoctorFinding = Static<typeof DoctorFindingSchema>;
export const DoctorReportSchema = Type.Object({
  trunkId: Type.String(),
  startedAt: Type.Integer(),
  tookMs: Type.Integer(),
  ok: Type.Boolean(),
  findings: Type.Array(DoctorFindingSchema),
  sipCallIds: Type.Array(Type.String(), { description: "of the calls it made, for their ladders" }),
});
export type DoctorReport = Static<typeof DoctorReportSchema>;
export const DoctorRequestSchema = Type.Object(
  {
    echoNumber: Text(40, "a number of the PBX that echoes audio"),
    loopNumber: Text(40, "a number that the PBX routes back to us: both ends of the call are then ours"),
    otherNumber: Text(40, "any number of the PBX that answers: audio is judged in one direction only"),
    digits: Type.String({ maxLength: 16, pattern: "^[0-9*#A-D]*$", default: "1234567890*#" }),
  },
  strict,
);
export type DoctorRequest = Static<typeof DoctorRequestSchema>;
export const DoctorJobSchema = Type.Object({
  id: Type.String(),
  state: Type.Enum(["running", "finished", "failed"]),
  findings: Type.Array(DoctorFindingSchema),
  report: Type.Optional(DoctorReportSchema),
  problem: Type.Optional(Type.String()),
});
export type DoctorJob = Static<typeof DoctorJobSchema>;
/** `GET /api/trunks/:id/sheet`: what to enter on the other side, with the real values of this trunk and of our listeners. */
export const TrunkSheetQuerySchema = Type.Object({
  language: Type.Optional(Type.Enum(["zh", "en"])),
  template: Type.Optional(Type.Enum(TRUNK_TEMPLATES, { description: "for another kind of PBX than the trunk's own" })),
});
export const TrunkSheetSchema = Type.Object({
  template: Type.Enum(TRUNK_TEMPLATES),
  title: Type.String(),
  sections: Type.Array(
    Type.Object({
      title: Type.String(),
      rows: Type.Array(Type.Object({ where: Type.String(), enter: Type.String(), why: Type.String() })),
    }),
  ),
});
export type TrunkSheet = Static<typeof TrunkSheetSchema>;
