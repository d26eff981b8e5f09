import { type TrunkInput, TrunkInputSchema } from "@intramuros/contracts/browser";

/**
 * The trunk form as a table: which field stands in which section and how it is entered. Limits and choices come from the contract;
 * words from `i18n/*\/trunk.ts`: `field.<path>`, `help.<path>`, `option.<path>.<value>`.
 */
export type FieldKind =
  | "text"
  | "password"
  | "pem"
  | "note"
  | "number"
  | "seconds"
  | "switch"
  | "choice"
  | "ordered"
  | "addresses"
  | "codes"
  | "peers"
  | "rules";
export interface TrunkField {
  readonly path: string;
  readonly kind: FieldKind;
}
type Mode = TrunkInput["mode"];
export interface TrunkSection {
  readonly key: string;
  readonly fields: readonly TrunkField[];
  /** In these modes the section stands open from the start; elsewhere somebody opens it. */
  readonly openIn: readonly Mode[];
}

const text = (path: string): TrunkField => ({ path, kind: "text" });
const number = (path: string): TrunkField => ({ path, kind: "number" });
const seconds = (path: string): TrunkField => ({ path, kind: "seconds" });
const onOff = (path: string): TrunkField => ({ path, kind: "switch" });
const choice = (path: string): TrunkField => ({ path, kind: "choice" });
const of = (kind: FieldKind, path: string): TrunkField => ({ path, kind });

/** What a trunk cannot do without, above all sections: name, mode and where the PBX is. The template is chosen before them. */
export const BASICS: readonly TrunkField[] = [
  text("name"),
  onOff("enabled"),
  choice("mode"),
  of("peers", "peers"),
  text("site"),
  text("note"),
];

export const SECTIONS: readonly TrunkSection[] = [
  {
    key: "inbound",
    openIn: ["registrar"],
    fields: [of("addresses", "addresses"), text("username"), of("password", "password")],
  },
  {
    key: "account",
    openIn: ["register"],
    fields: [
      text("account.username"),
      of("password", "account.password"),
      text("account.authUsername"),
      text("account.realm"),
      text("account.domain"),
      text("account.contactUser"),
      seconds("account.expiresSeconds"),
      text("account.outboundProxy"),
    ],
  },
  {
    key: "media",
    openIn: [],
    fields: [
      of("ordered", "codecs"),
      choice("dtmf"),
      number("media.dtmfPayloadType"),
      choice("media.ptimeMs"),
      choice("media.srtp"),
      of("ordered", "media.srtpSuites"),
      onOff("media.symmetricRtp"),
      text("media.natAddress"),
      number("media.rtpPortMin"),
      number("media.rtpPortMax"),
      onOff("media.rtcp"),
      onOff("media.comfortNoise"),
      number("media.dscpMedia"),
      number("media.dscpSignalling"),
      seconds("media.initialTimeoutSeconds"),
      seconds("media.timeoutSeconds"),
      seconds("media.holdTimeoutSeconds"),
    ],
  },
  {
    key: "session",
    openIn: [],
    fields: [
      choice("session.timers"),
      seconds("session.expiresSeconds"),
      seconds("session.minSeSeconds"),
      choice("session.refresher"),
      choice("session.refreshMethod"),
      choice("session.prack"),
      choice("session.earlyMedia"),
      choice("session.ringBeforeAnswer"),
      number("session.ringMs"),
      onOff("session.lateOffer"),
      choice("session.refer"),
      seconds("session.ringSeconds"),
      of("codes", "session.huntCodes"),
    ],
  },
  {
    key: "numbering",
    openIn: [],
    fields: [
      text("numbering.countryCode"),
      choice("numbering.plus"),
      text("numbering.techPrefix"),
      of("rules", "numbering.inboundCaller"),
      of("rules", "numbering.inboundDialled"),
      of("rules", "numbering.outbound"),
    ],
  },
  {
    key: "identity",
    openIn: [],
    fields: [
      choice("identity.callerId"),
      onOff("identity.trusted"),
      choice("identity.privacy"),
      choice("identity.diversion"),
      choice("identity.userToUser"),
      text("identity.fromUser"),
      text("identity.fromDomain"),
    ],
  },
  {
    key: "keepalive",
    openIn: [],
    fields: [seconds("keepalive.optionsSeconds"), seconds("keepalive.downSeconds"), number("keepalive.failures")],
  },
  {
    key: "limits",
    openIn: [],
    fields: [
      number("maxCalls"),
      number("limits.maxInbound"),
      number("limits.maxOutbound"),
      number("limits.callsPerSecond"),
      seconds("limits.retryAfterSeconds"),
    ],
  },
  {
    key: "tls",
    openIn: [],
    fields: [choice("tls.minVersion"), onOff("tls.verify"), text("tls.serverName"), of("pem", "tls.caPem")],
  },
];

export const ALL_FIELDS: readonly TrunkField[] = [...BASICS, ...SECTIONS.flatMap((section) => section.fields)];
export const namePath = (path: string): string[] => path.split(".");

/** What the contract says of a field. */
export interface FieldLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly choices?: readonly (string | number)[];
}
interface Schema extends FieldLimits {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly (string | number)[];
}

export function limitsOf(path: string): FieldLimits {
  let schema: Schema | undefined = TrunkInputSchema as unknown as Schema;
  for (const name of namePath(path)) schema = schema?.properties?.[name];
  const choices = schema?.enum ?? schema?.items?.enum;
  return {
    ...(schema?.minimum === undefined ? {} : { minimum: schema.minimum }),
    ...(schema?.maximum === undefined ? {} : { maximum: schema.maximum }),
    ...(schema?.maxLength === undefined ? {} : { maxLength: schema.maxLength }),
    ...(schema?.maxItems === undefined ? {} : { maxItems: schema.maxItems }),
    ...(choices === undefined ? {} : { choices }),
  };
}

/** The section that shows a field, or a part of it; null for the basics. */
export function sectionOf(path: string): string | null {
  const holds = (field: TrunkField): boolean => path === field.path || path.startsWith(`${field.path}.`);
  return SECTIONS.find((section) => section.fields.some(holds))?.key ?? null;
}

/** The field of the form that a path of the appliance points at: `peers.0.host` lies in `peers`; a section is its first field. */
export function fieldOf(path: string): string | null {
  const exact = ALL_FIELDS.find((field) => path === field.path || path.startsWith(`${field.path}.`));
  return (exact ?? ALL_FIELDS.find((field) => field.path.startsWith(`${path}.`)))?.path ?? null;
}

/** A form as it is sent: rows without a host or pattern were never filled in. */
export function cleanTrunk(form: TrunkInput): TrunkInput {
  const rules = (list: TrunkInput["numbering"]["outbound"]) => list.filter((rule) => (rule.pattern ?? "") !== "");
  const trimmed = trimAll(form) as TrunkInput;
  return {
    ...trimmed,
    password: form.password,
    account: { ...trimmed.account, password: form.account.password },
    peers: trimmed.peers.filter((peer) => peer.host !== ""),
    numbering: {
      ...trimmed.numbering,
      inboundCaller: rules(trimmed.numbering.inboundCaller),
      inboundDialled: rules(trimmed.numbering.inboundDialled),
      outbound: rules(trimmed.numbering.outbound),
    },
  };
}

function trimAll(value: unknown): unknown {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value)) return value.map(trimAll);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, trimAll(field)]));
}
