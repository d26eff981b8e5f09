/** The first audio stream of a session description, in the words that are compared. */
export interface SdpText {
  readonly address: string;
  readonly port: number;
  readonly profile: string;
  readonly codecs: readonly { readonly payloadType: number; readonly name: string }[];
  readonly telephoneEvent: readonly { readonly payloadType: number; readonly clockHz: number }[];
  readonly direction: "sendrecv" | "sendonly" | "recvonly" | "inactive";
  readonly ptime: string;
  readonly crypto: readonly string[];
  readonly dtls: boolean;
  readonly rtcp: string;
  readonly rtcpMux: boolean;
  readonly version: string;
}

/** Payload types with a fixed meaning (RFC 3551 §6) that occur on telephone lines. */
const STATIC: Readonly<Record<number, string>> = {
  0: "PCMU/8000",
  3: "GSM/8000",
  4: "G723/8000",
  8: "PCMA/8000",
  9: "G722/8000",
  13: "CN/8000",
  15: "G728/8000",
  18: "G729/8000",
};
const LINES_MAX = 500;

/** Null: there is no audio in it. */
export function readSdpText(sdp: string): SdpText | null {
  const lines = sdp.split(/\r?\n/).slice(0, LINES_MAX);
  const at = lines.findIndex((line) => line.startsWith("m=audio "));
  if (at === -1) return null;
  const next = lines.findIndex((line, i) => i > at && line.startsWith("m="));
  const media = lines.slice(at, next === -1 ? lines.length : next);
  const session = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith("m=")),
  );
  const value = (prefix: string): string =>
    (media.find((line) => line.startsWith(prefix)) ?? session.find((line) => line.startsWith(prefix)) ?? "")
      .slice(prefix.length)
      .trim();
  const [, port = "0", profile = "", list = ""] =
    /^m=audio (\d{1,5})(?:\/\d+)? (\S+) ?(.*)$/.exec((media[0] ?? "").trim()) ?? [];
  const maps = new Map<number, string>();
  for (const line of media) {
    const [, type, name] = /^a=rtpmap:(\d{1,3}) (\S+)/.exec(line) ?? [];
    if (type !== undefined && name !== undefined) maps.set(Number(type), name);
  }
  const formats = list
    .split(/\s+/)
    .filter((item) => /^\d{1,3}$/.test(item))
    .map((item) => ({ payloadType: Number(item), name: maps.get(Number(item)) ?? STATIC[Number(item)] ?? "unknown" }));
  const isEvent = (name: string): boolean => /^telephone-event\//i.test(name);
  const direction = [...media, ...session]
    .map((line) => /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.exec(line)?.[1])
    .find((found) => found !== undefined);
  return {
    address: /^IN IP[46] (\S+)/.exec(value("c="))?.[1]?.split("/")[0] ?? "",
    port: Number(port),
    profile,
    codecs: formats.filter(({ name }) => !isEvent(name) && !/^CN\//i.test(name)),
    telephoneEvent: formats
      .filter(({ name }) => isEvent(name))
      .map(({ payloadType, name }) => ({ payloadType, clockHz: Number(name.split("/")[1]) || 0 })),
    direction: (direction as SdpText["direction"] | undefined) ?? "sendrecv",
    ptime: value("a=ptime:"),
    crypto: media
      .map((line) => /^a=crypto:\d+ (\S+)/.exec(line)?.[1])
      .filter((suite): suite is string => suite !== undefined),
    dtls: value("a=fingerprint:") !== "",
    rtcp: value("a=rtcp:"),
    rtcpMux: media.some((line) => line.startsWith("a=rtcp-mux")),
    version: /^o=\S+ \S+ (\S+)/m.exec(sdp)?.[1] ?? "",
  };
}

/** `PCMA/8000` → `PCMA`, as people write codecs; another clock stays. */
export const codecName = (name: string): string => name.replace(/\/8000(\/1)?$/, "").toUpperCase();
