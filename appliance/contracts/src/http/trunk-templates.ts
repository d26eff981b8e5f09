import { type TRUNK_TEMPLATES, type TrunkInput, type TrunkPeer, trunkInput } from "./trunk.ts";

/**
 * What each kind of PBX is best met with: facts of its makers' documents and of the interop notes, as differences from the defaults.
 * A template never touches who the PBX is (name, addresses, accounts, certificates, limits).
 */
export type TrunkTemplate = (typeof TRUNK_TEMPLATES)[number];
type Part<T> = {
  readonly [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? Part<T[K]> : T[K];
};

const DIFFERENCES: Readonly<Record<TrunkTemplate, Part<TrunkInput>>> = {
  generic: {},
  // Session Manager watches the entity link by OPTIONS, sends INVITEs without SDP after vector transfers, moves media by re-INVITE and
  // carries what its agents need in User-to-User; its telephone-event payload is 127 unless it was changed.
  avaya: {
    codecs: ["PCMA", "PCMU", "G722"],
    dtmf: "rfc4733",
    keepalive: { optionsSeconds: 60, downSeconds: 15, failures: 2 },
    media: { dtmfPayloadType: 127 },
    session: { refer: "bridge", prack: "supported", timers: "allow", refreshMethod: "auto" },
    identity: { callerId: "pai", userToUser: "pass", diversion: "pass" },
  },
  // Offers late unless a media termination point or early offer is set; refreshes by INVITE or UPDATE; payload 101; asks for an
  // OPTIONS answer every 60 s while in service; its smallest session interval is 1800 s.
  cucm: {
    codecs: ["PCMA", "PCMU", "G722"],
    dtmf: "rfc4733",
    keepalive: { optionsSeconds: 60, downSeconds: 30, failures: 2 },
    media: { dtmfPayloadType: 101 },
    session: { prack: "supported", timers: "allow", expiresSeconds: 1800, refreshMethod: "auto", refer: "bridge" },
    identity: { callerId: "pai", diversion: "pass" },
  },
  // G.711A first; heartbeat by OPTIONS; the IMS wants timers and PRACK.
  huawei: {
    codecs: ["PCMA", "PCMU"],
    dtmf: "rfc4733",
    keepalive: { optionsSeconds: 30, downSeconds: 10, failures: 3 },
    session: { prack: "supported", timers: "allow", expiresSeconds: 1800, ringBeforeAnswer: "180", ringMs: 0 },
    identity: { callerId: "pai", diversion: "pass" },
  },
  // Qualify is an OPTIONS every 60 s; direct media re-INVITEs are answered; behind NAT more often than not.
  freepbx: {
    codecs: ["PCMA", "PCMU", "G722"],
    dtmf: "rfc4733",
    keepalive: { optionsSeconds: 60, downSeconds: 15, failures: 2 },
    media: { symmetricRtp: true },
    session: { refer: "bridge", prack: "supported", timers: "allow" },
    identity: { callerId: "rpid" },
  },
  // A proxy, not a PBX: it passes what its users send, so nothing is taken for granted and transfers go through.
  kamailio: {
    codecs: ["PCMA", "PCMU", "G722"],
    dtmf: "auto",
    keepalive: { optionsSeconds: 30, downSeconds: 10, failures: 2 },
    session: { refer: "allow", prack: "supported", timers: "allow" },
    identity: { callerId: "pai", trusted: true },
  },
};

const TRANSPORTS: Readonly<Record<TrunkTemplate, TrunkPeer["transport"]>> = {
  generic: "udp",
  avaya: "tcp",
  cucm: "tcp",
  huawei: "udp",
  freepbx: "udp",
  kamailio: "udp",
};

/** The form that a template proposes, with nothing of the PBX's own in it. */
export const templateForm = (template: TrunkTemplate): TrunkInput =>
  trunkInput({ name: "-", template, ...DIFFERENCES[template] } as Parameters<typeof trunkInput>[0]);

/** A first place for calls to the PBX; the host is still to be told. */
export const templatePeer = (template: TrunkTemplate): TrunkPeer => ({
  host: "",
  port: 0,
  transport: TRANSPORTS[template],
  priority: 0,
  weight: 1,
});

/** Choosing another template: what still is as the old one proposed follows, what somebody changed stays. */
export function switchTemplate(form: TrunkInput, to: TrunkTemplate): TrunkInput {
  const from = templateForm(form.template);
  const next = follow(form, from, templateForm(to)) as TrunkInput;
  const peers = form.peers.map((peer) =>
    peer.transport === TRANSPORTS[form.template] ? { ...peer, transport: TRANSPORTS[to] } : peer,
  );
  return { ...next, name: form.name, template: to, peers };
}

function follow(value: unknown, from: unknown, to: unknown): unknown {
  if (JSON.stringify(from) === JSON.stringify(to)) return value;
  if (!isSection(value) || !isSection(from) || !isSection(to)) return same(value, from) ? to : value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, follow(field, from[name], to[name])]));
}
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Paths of the fields in which two forms differ; a list counts as one field, and so does a password. */
export function changedFields(before: object, after: object, prefix = ""): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const [left, right] = [(before as Record<string, unknown>)[name], (after as Record<string, unknown>)[name]];
    if (isSection(left) && isSection(right)) return changedFields(left, right, `${prefix}${name}.`);
    return same(left, right) ? [] : [`${prefix}${name}`];
  });
}
