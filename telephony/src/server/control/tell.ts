import { frameOf } from "./frame.ts";

/** Frames from the server to an application, token by token (protocol §3.1, §5, §7). */
export interface Meta {
  readonly source: "network" | "application";
  readonly bytes: number;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly time: string;
}

const metaText = (meta: Meta): string =>
  `${meta.source}|${meta.bytes}|${meta.protocol}|${meta.address}|${meta.port}|${meta.time}`;

/** A new out-of-dialog request; `receivedOn` is our own address. */
export function newRequestFrame(frame: {
  readonly id: string;
  readonly meta: Meta;
  readonly transactionId: string;
  readonly receivedOn: { readonly address: string; readonly port: number };
  readonly message: string;
}): string {
  const { address, port } = frame.receivedOn;
  return frameOf(
    `${frame.id}|sip|${metaText(frame.meta)}|${frame.transactionId}||${address}|${port}|\r\n${frame.message}`,
  );
}

/** An in-dialog request, a response, or a request that the server sent on its own (`unsolicited`). */
export function messageFrame(frame: {
  readonly id: string;
  readonly meta: Meta;
  readonly transactionId: string;
  readonly dialogId: string;
  readonly message: string;
}): string {
  return frameOf(
    `${frame.id}|sip|${metaText(frame.meta)}|${frame.transactionId}|${frame.dialogId}|\r\n${frame.message}`,
  );
}

/** Echo of a request that was sent for an application: without a slot for the dialog. */
export function sentRequestFrame(frame: {
  readonly id: string;
  readonly commandId: string;
  readonly meta: Meta;
  readonly transactionId: string;
  readonly message: string;
}): string {
  return frameOf(
    `${frame.id}|response|${frame.commandId}|OK|${metaText(frame.meta)}|${frame.transactionId}|Msg sent:|\r\n${frame.message}`,
  );
}

/** Echo of a response that was sent for an application. */
export function sentResponseFrame(frame: {
  readonly id: string;
  readonly commandId: string;
  readonly meta: Meta;
  readonly transactionId: string;
  readonly dialogId: string;
  readonly message: string;
}): string {
  const { id, commandId, meta, transactionId, dialogId, message } = frame;
  return frameOf(
    `${id}|response|${commandId}|OK|${metaText(meta)}|${transactionId}|${dialogId}||Msg sent:|\r\n${message}`,
  );
}

/** A final response to a request that was proxied for an application; more may follow (protocol §8). */
export function proxiedResponseFrame(frame: {
  readonly id: string;
  readonly commandId: string;
  readonly meta: Meta;
  readonly message: string;
}): string {
  const { id, commandId, meta, message } = frame;
  return frameOf(`${id}|response|${commandId}|OK|${metaText(meta)}|||continue\r\n${message}`);
}

/** Call detail record (protocol §11): no `|` before the end of the line, unlike in the others. */
export function cdrFrame(frame: {
  readonly id: string;
  readonly what: "attempt" | "start" | "stop";
  readonly source: "network" | "application";
  readonly time: string;
  readonly detail: string | null;
  readonly message: string;
}): string {
  const { id, what, source, time, detail, message } = frame;
  return frameOf(`${id}|cdr:${what}|${source}|${time}${detail === null ? "" : `|${detail}`}\r\n${message}`);
}

export const okFrame = (id: string, commandId: string, data?: string): string =>
  frameOf(data === undefined ? `${id}|response|${commandId}|OK` : `${id}|response|${commandId}|OK|${data}`);
/** Refusal of a `sip` or `proxy` command. */
export const nokFrame = (id: string, commandId: string, reason: string): string =>
  frameOf(`${id}|response|${commandId}|NOK|${reason}`);
/** Refusal of any other command. */
export const noFrame = (id: string, commandId: string, reason: string): string =>
  frameOf(`${id}|response|${commandId}|NO|${reason}`);

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));
/** Time of day, UTC, `HH:MM:SS.uuuuuu`. */
export function timeOfDay(unixMs: number): string {
  const day = unixMs % 86_400_000;
  const seconds = Math.floor(day / 1000);
  const micros = Math.floor((day - seconds * 1000) * 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${clock}.${String(micros).padStart(6, "0")}`;
}
