import { ErrorReplySchema } from "@intramuros/contracts/browser";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import { Fault } from "./fault.ts";

/** The one door to the appliance: same origin, session cookie, a time-out on all that waits, every answer checked. */
const TIMEOUT_MS = 20_000;

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

let onSignedOut: () => void = () => {};
/** The app says what happens when the appliance no longer knows our session. */
export function setSignedOutHandler(handler: () => void): void {
  onSignedOut = handler;
}

export async function request<T extends TSchema>(
  schema: T,
  path: string,
  options: RequestOptions = {},
): Promise<Static<T>> {
  const text = await transfer(path, options);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(path);
  }
  if (!Value.Check(schema, value)) throw unreadable(path);
  return value as Static<T>;
}

/** For answers without a body that we would read. */
export async function send(path: string, options: RequestOptions): Promise<void> {
  await transfer(path, options);
}

async function transfer(path: string, options: RequestOptions): Promise<string> {
  const limit = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method: options.method ?? "GET",
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        accept: "application/json",
        ...(options.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal,
    });
    text = await response.text();
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const kind = limit.aborted ? "timeout" : "unreachable";
    throw new Fault({ kind, status: 0, code: `console.${kind}`, message: "", hint: "", id: "" });
  }
  if (response.ok) return text;
  const fault = readRefusal(response.status, text);
  if (fault.kind === "signed-out" && path !== "/api/session") onSignedOut();
  throw fault;
}

/** A refusal as the appliance writes it; anything else (a proxy's page) keeps its status. */
export function readRefusal(status: number, text: string): Fault {
  const kind = status === 401 ? "signed-out" : "refused";
  try {
    const body: unknown = JSON.parse(text);
    if (Value.Check(ErrorReplySchema, body)) {
      const { code, message, hint, field, id } = body.error;
      return new Fault({ kind, status, code, message, hint, field, id });
    }
  } catch {
    // not ours: told by its status below
  }
  return new Fault({ kind, status, code: `http.${status}`, message: "", hint: "", id: "" });
}

function unreadable(path: string): Fault {
  return new Fault({ kind: "unreadable", status: 200, code: "console.unreadable", message: path, hint: "", id: "" });
}

/** A query string of what is set. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== "") params.set(name, String(value));
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}
