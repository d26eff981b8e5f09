/** Outbound mode (protocol §13): what is asked of whom a request is for, and what may be answered. */
export type RouteAnswer =
  | { readonly type: "reject"; readonly status: number; readonly reason: string }
  | { readonly type: "redirect"; readonly contacts: readonly string[] }
  | {
      readonly type: "proxy";
      readonly destinations: readonly string[];
      readonly recordRoute: boolean;
      readonly followRedirects: boolean;
      readonly simultaneous: boolean;
      readonly provisionalTimeout: string;
      readonly finalTimeout: string;
    }
  /** An application that waits for our connection. */
  | { readonly type: "dial"; readonly place: DialPlace }
  /** One that has connected, and has this tag. */
  | { readonly type: "tag"; readonly tag: string }
  /** No answer that can be understood. */
  | { readonly type: "fault" }
  | { readonly type: "unreachable" };

export interface DialPlace {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

const DEFAULT_PORT = 9021;
const MAX_CONTACTS = 20;
const MAX_TEXT = 2000;

/** `tcp://host:port` or `tls://host:port`; null: another scheme, or no place. */
export function dialPlaceOf(url: string): DialPlace | null {
  const match = /^(tcp|tls):\/\/(\[[0-9a-f:]+\]|[^\s/:]+)(?::(\d{1,5}))?\/?$/i.exec(url);
  if (match === null) return null;
  return placeOf(match[2] ?? "", match[3], match[1]?.toLowerCase() === "tls");
}

function placeOf(host: string, port: string | undefined, tls: boolean): DialPlace | null {
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (number < 1 || number > 65535) return null;
  return { host: host.replace(/^\[|\]$/g, ""), port: number, tls };
}

/** The body of an HTTP answer. */
export function parseRouteAnswer(body: string): RouteAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return FAULT;
  }
  if (!isRecord(answer) || !isRecord(answer.data)) return FAULT;
  const { data } = answer;
  switch (answer.action) {
    case "reject": {
      const { status, reason } = data;
      if (typeof status !== "number" || !Number.isInteger(status) || status < 300 || status > 699) return FAULT;
      return { type: "reject", status, reason: lineOf(reason) };
    }
    case "redirect": {
      const contacts = textsOf(data.contact);
      return contacts.length === 0 ? FAULT : { type: "redirect", contacts };
    }
    case "proxy": {
      const destinations = textsOf(data.destination).map((text) =>
        /^(sips?|tel):/i.test(text) ? text : `sip:${text}`,
      );
      if (destinations.length === 0) return FAULT;
      return {
        type: "proxy",
        destinations,
        recordRoute: data.recordRoute === true,
        followRedirects: data.followRedirects !== false,
        simultaneous: data.simultaneous === true,
        provisionalTimeout: lineOf(data.provisionalTimeout),
        finalTimeout: lineOf(data.finalTimeout),
      };
    }
    case "route":
      return routeOf(data);
    default:
      return FAULT;
  }
}

function routeOf(data: Record<string, unknown>): RouteAnswer {
  if (typeof data.tag === "string" && data.tag !== "") return { type: "tag", tag: lineOf(data.tag) };
  if (typeof data.uri !== "string") return FAULT;
  const match = /^(?:sips?:)?(\[[0-9a-f:]+\]|[^\s;:/]+)(?::(\d{1,5}))?(?:;transport=(tcp|tls))?$/i.exec(
    data.uri.trim(),
  );
  const place = match === null ? null : placeOf(match[1] ?? "", match[2], match[3]?.toLowerCase() === "tls");
  return place === null ? FAULT : { type: "dial", place };
}

const FAULT: RouteAnswer = { type: "fault" };
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
/** Safe to stand in a header. */
const lineOf = (value: unknown): string =>
  typeof value === "string" ? value.replace(/[\r\n]+/g, " ").slice(0, MAX_TEXT) : "";
const textsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value])
    .map(lineOf)
    .filter((text) => text !== "")
    .slice(0, MAX_CONTACTS);
