import type { Language, NumberEntry, TrunkSheet, TrunkTemplate } from "@intramuros/contracts";
import type { StoredTrunk } from "../setup.ts";

/** What a sheet is made from besides the trunk: where we listen, and what leads to us. */
export interface SheetSite {
  readonly language: Language;
  readonly template: TrunkTemplate;
  /** As the SIP server tells them, `udp/192.0.2.1:5060`; empty while it is away. */
  readonly listeners: readonly string[];
  /** As the configuration has them, `udp:auto:5060`. */
  readonly configured: readonly string[];
  readonly externalAddress: string;
  readonly publicAddress: string;
  readonly rtpPortMin: number;
  readonly rtpPortMax: number;
  readonly numbers: readonly NumberEntry[];
}

export type Row = TrunkSheet["sections"][number]["rows"][number];
export type Section = TrunkSheet["sections"][number];
export type Say = (zh: string, en: string) => string;

/** Every value that a sheet names, as the other side has to enter it. */
export interface SheetFacts {
  readonly say: Say;
  readonly trunk: StoredTrunk;
  readonly transport: "udp" | "tcp" | "tls";
  readonly address: string;
  readonly port: string;
  /** False: nothing of ours listens on the trunk's transport. */
  readonly listening: boolean;
  readonly mediaAddress: string;
  readonly rtp: string;
  readonly codecs: string;
  readonly dtmf: string;
  readonly srtp: string;
  readonly timers: string;
  readonly numbers: string;
  readonly peer: string;
  readonly optionsSeconds: number;
}

export const row = (where: string, enter: string, why: string): Row => ({ where, enter, why });
/** Leaves out what does not hold for this trunk. */
export const rows = (...list: readonly (Row | null)[]): Row[] => list.filter((each) => each !== null);

const NAMES: Readonly<Record<string, string>> = { PCMA: "G.711A (PCMA)", PCMU: "G.711U (PCMU)", G722: "G.722" };
const DEFAULT_PORT = { udp: "5060", tcp: "5060", tls: "5061" } as const;

export function sheetFacts(trunk: StoredTrunk, site: SheetSite): SheetFacts {
  const say: Say = (zh, en) => (site.language === "zh" ? zh : en);
  const transport = trunk.peers[0]?.transport ?? firstTransport(site);
  const place = listenerOf(site, transport);
  const here = say("（本设备的地址）", "(this machine's address)");
  const address = site.externalAddress || place?.host || here;
  const numbers = site.numbers.map((number) => number.pattern).filter((pattern) => pattern !== "*");
  const { media, session } = trunk;
  const low = media.rtpPortMin || site.rtpPortMin;
  const high = media.rtpPortMax || site.rtpPortMax;
  return {
    say,
    trunk,
    transport,
    address,
    port: place?.port ?? DEFAULT_PORT[transport],
    listening: place !== null,
    mediaAddress: media.natAddress || site.publicAddress || address,
    rtp: `${low}–${high}`,
    codecs: trunk.codecs.map((codec) => NAMES[codec] ?? codec).join(say("、", ", ")),
    dtmf: dtmfWords(trunk, say),
    srtp:
      media.srtp === "off"
        ? say("不加密（RTP/AVP）", "none (RTP/AVP)")
        : `SRTP SDES, ${media.srtpSuites.join(", ")}${media.srtp === "allow" ? say("（可选）", " (optional)") : say("（必须）", " (required)")}`,
    timers:
      session.timers === "off"
        ? say("关闭", "off")
        : `Session-Expires ${session.expiresSeconds}, Min-SE ${session.minSeSeconds}`,
    numbers: numbers.length === 0 ? say("全部号码", "any number") : numbers.join(say("、", ", ")),
    peer: trunk.peers.map((each) => each.host).join(say("、", ", ")) || trunk.addresses.join(say("、", ", ")),
    optionsSeconds: trunk.keepalive.optionsSeconds,
  };
}

function dtmfWords(trunk: StoredTrunk, say: Say): string {
  const payload = trunk.media.dtmfPayloadType;
  switch (trunk.dtmf) {
    case "info":
      return "SIP INFO";
    case "inband":
      return say("带内音", "in-band tones");
    case "rfc4733":
      return say(`RFC 2833/4733，载荷 ${payload}`, `RFC 2833/4733, payload ${payload}`);
    case "auto":
      return say(
        `RFC 2833/4733，载荷 ${payload}（没有时用 SIP INFO 或带内音）`,
        `RFC 2833/4733, payload ${payload} (else SIP INFO or in-band)`,
      );
  }
}

const firstTransport = (site: SheetSite): "udp" | "tcp" | "tls" =>
  (["udp", "tcp", "tls"] as const).find((each) => listenerOf(site, each) !== null) ?? "udp";

/** Where we listen for a transport: an address that others reach before loopback, the server's word before the configuration's. */
function listenerOf(site: SheetSite, transport: string): { readonly host: string; readonly port: string } | null {
  const told = site.listeners.flatMap((text) => {
    const match = /^([a-z]+)\/(.+):([0-9]+)$/.exec(text);
    return match?.[1] === transport ? [{ host: match[2] ?? "", port: match[3] ?? "" }] : [];
  });
  const written = site.configured.flatMap((text) => {
    const match = /^([a-z]+):(.+):([0-9]+)$/.exec(text);
    if (match?.[1] !== transport) return [];
    return [{ host: (match[2] ?? "").startsWith("auto") ? "" : (match[2] ?? ""), port: match[3] ?? "" }];
  });
  const loopback = (host: string): boolean => host.startsWith("127.") || host === "[::1]";
  return told.find(({ host }) => !loopback(host)) ?? told[0] ?? written[0] ?? null;
}
