import { EMPTY_BODY, isToken, keyOf } from "../message/index.ts";

/** What an application asks of the server: one payload, read. */
export type Command =
  | { readonly type: "authenticate"; readonly id: string; readonly secret: string; readonly tags: readonly string[] }
  | { readonly type: "ping"; readonly id: string }
  | { readonly type: "route"; readonly id: string; readonly verb: string }
  | { readonly type: "remove-route"; readonly id: string; readonly verb: string }
  | {
      readonly type: "sip";
      readonly id: string;
      readonly transactionId: string;
      readonly dialogId: string;
      readonly routeUrl: string | null;
      readonly message: AppMessage | null;
    }
  | {
      readonly type: "proxy";
      readonly id: string;
      readonly transactionId: string;
      readonly remainInDialog: boolean;
      readonly fullResponse: boolean;
      readonly followRedirects: boolean;
      readonly parallel: boolean;
      /** `2s`, `1500ms` or nothing. */
      readonly provisionalTimeout: string;
      readonly finalTimeout: string;
      readonly targets: readonly string[];
      /** Its headers are added to each forwarded request. */
      readonly message: AppMessage | null;
    }
  | { readonly type: "unknown"; readonly id: string }
  | { readonly type: "invalid"; readonly id: string };

/** A SIP message as applications write it: loose, with an unreliable Content-Length. */
export interface AppMessage {
  readonly start: AppStart;
  readonly headers: readonly AppHeader[];
  readonly body: Buffer;
}
export type AppStart =
  | { readonly kind: "request"; readonly method: string; readonly uri: string }
  | { readonly kind: "response"; readonly status: number; readonly reason: string };
export interface AppHeader {
  /** As the application spelt it. */
  readonly name: string;
  /** Lower case, full name, `_` read as `-`. */
  readonly key: string;
  readonly value: string;
}

export const MAX_TAGS = 20;
const MAX_HEADERS = 200;

export function parseCommand(payload: string): Command {
  const cr = payload.indexOf("\r\n");
  const tokens = (cr === -1 ? payload : payload.slice(0, cr)).split("|");
  const [id = "", type] = tokens;
  switch (type) {
    case undefined:
      return { type: "invalid", id };
    case "authenticate":
      return {
        type,
        id,
        secret: tokens[2] ?? "",
        tags: (tokens[3] ?? "")
          .split(",")
          .filter((tag) => tag !== "")
          .slice(0, MAX_TAGS),
      };
    case "ping":
      return { type, id };
    case "route":
      return { type, id, verb: (tokens[2] ?? "").toLowerCase() };
    case "remove_route":
      return { type: "remove-route", id, verb: (tokens[2] ?? "").toLowerCase() };
    case "sip":
      return {
        type,
        id,
        transactionId: tokens[2] ?? "",
        dialogId: tokens[3] ?? "",
        routeUrl: tokens[4] === undefined || tokens[4] === "" ? null : tokens[4],
        message: cr === -1 ? null : parseAppMessage(payload.slice(cr + 2)),
      };
    case "proxy":
      return {
        type,
        id,
        transactionId: tokens[2] ?? "",
        remainInDialog: tokens[3] === "remainInDialog",
        fullResponse: tokens[4] === "fullResponse",
        followRedirects: tokens[5] === "followRedirects",
        parallel: tokens[6] === "simultaneous",
        provisionalTimeout: tokens[7] ?? "",
        finalTimeout: tokens[8] ?? "",
        targets: tokens.slice(9).filter((target) => target !== ""),
        message: cr === -1 ? null : parseAppMessage(payload.slice(cr + 2)),
      };
    default:
      return { type: "unknown", id };
  }
}

const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]+)\s+(\S+)\s+SIP\/2\.0$/;
const STATUS_LINE = /^SIP\/2\.0\s+([1-6]\d\d)\s*(.*)$/;

/** Everything after the first empty line is the body, whatever Content-Length says; a header line that is none is skipped. */
export function parseAppMessage(text: string): AppMessage | null {
  const blank = text.indexOf("\r\n\r\n");
  const head = blank === -1 ? text : text.slice(0, blank);
  const lines = head.split(/[\r\n]+(?![ \t\r\n])/);
  const start = parseStart(lines[0] ?? "");
  if (start === null) return null;
  const headers: AppHeader[] = [];
  for (let i = 1; i < lines.length && headers.length < MAX_HEADERS; i++) {
    const line = lines[i] ?? "";
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim();
    if (!isToken(name)) continue;
    const key = keyOf(name.includes("_") ? name.replaceAll("_", "-") : name) ?? name.toLowerCase();
    headers.push({
      name,
      key,
      value: line
        .slice(colon + 1)
        .replace(/[\r\n]+[ \t]+/g, " ")
        .trim(),
    });
  }
  const body = blank === -1 || blank + 4 === text.length ? EMPTY_BODY : Buffer.from(text.slice(blank + 4), "latin1");
  return { start, headers, body };
}

function parseStart(line: string): AppStart | null {
  if (line.startsWith("SIP/")) {
    const match = STATUS_LINE.exec(line);
    return match === null ? null : { kind: "response", status: Number(match[1]), reason: match[2] ?? "" };
  }
  const match = REQUEST_LINE.exec(line);
  return match === null ? null : { kind: "request", method: match[1] ?? "", uri: match[2] ?? "" };
}

/** First value of an application's header, or null. */
export function appHeaderOf(message: AppMessage, key: string): string | null {
  for (const header of message.headers) if (header.key === key) return header.value;
  return null;
}
