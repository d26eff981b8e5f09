import type { EventEmitter } from "node:events";

/** The part of drachtio-srf 5 that we use; what the package declares is narrower than what it does. */
export interface SipMessage {
  get(name: string): string | undefined;
  has(name: string): boolean;
  readonly body?: string;
}

export interface SipRequest extends SipMessage, EventEmitter {
  readonly method: string;
  readonly uri: string;
  readonly source: "network" | "application";
  readonly source_address: string;
  readonly source_port: number;
  readonly protocol: string;
  /** `address:port` of ours, of requests outside of dialogs. */
  readonly receivedOn?: string;
  readonly calledNumber: string;
  readonly callingNumber: string;
  readonly callingName: string;
  readonly isNewInvite: boolean;
  cancel(callback: () => void): void;
}

/** A response from the network to a request of ours. `source_address` is empty when the SIP server made it: nobody answered. */
export interface SipReply extends SipMessage {
  readonly status: number;
  readonly reason?: string;
  readonly source_address: string;
  readonly source_port: number;
}

export interface SipSendOptions {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
export interface SipResponse extends SipMessage {
  readonly status: number;
  readonly finalResponseSent: boolean;
  send(
    status: number,
    options?: SipSendOptions,
    callback?: (error: unknown) => void,
    onAcknowledged?: (request: SipRequest) => void,
  ): void;
}

export interface SipDialog extends EventEmitter {
  /** Of the application protocol: Call-ID and the tag of who began. */
  readonly id: string;
  readonly type: "uas" | "uac";
  readonly sip: { readonly callId: string; readonly localTag?: string; readonly remoteTag?: string };
  /** Shown by drachtio-srf when a request in the dialog is challenged. */
  auth?: { readonly username: string; readonly password: string };
  readonly local: { sdp: string; readonly uri: string; readonly contact?: string };
  readonly remote: { sdp?: string; readonly uri: string };
  readonly connected: boolean;
  handle(request: SipRequest, response: SipResponse): void;
  destroy(options: { headers: Record<string, string> }, callback: (error: unknown) => void): void;
  /** A re-INVITE with this SDP; the answer's. */
  modify(
    sdp: string,
    callback: (error: { readonly status?: number } | null | undefined, answer?: string) => void,
  ): void;
  request(
    options: { readonly method: string; readonly headers?: Record<string, string>; readonly body?: string },
    callback: (error: unknown, reply?: SipReply) => void,
  ): void;
}

export interface SipAgent extends EventEmitter {
  connect(options: {
    readonly host: string;
    readonly port: number;
    readonly secret: string;
    readonly enablePing: boolean;
    readonly reconnect: { readonly retryMaxDelay: number };
  }): void;
  disconnect(): void;
  use(method: string, handler: (request: SipRequest, response: SipResponse) => void): void;
  createUAS(
    request: SipRequest,
    response: SipResponse,
    options: { readonly localSdp: string; readonly headers?: Record<string, string> },
    callback: (error: Error | string | null, dialog: SipDialog) => void,
  ): void;
  createUAC(
    uri: string,
    options: {
      /** Undefined: a late offer, which `noAck` lets us answer ourselves. */
      readonly localSdp: string | undefined;
      readonly noAck?: boolean;
      readonly proxy?: string;
      readonly headers: Record<string, string>;
    },
    progress: {
      readonly cbRequest: (error: Error | null, request: SipRequest) => void;
      readonly cbProvisional: (response: SipReply) => void;
    },
    callback: (error: SipFailure | null, answered: SipDialog | UnacknowledgedAnswer) => void,
  ): void;
  request(
    uri: string,
    options: {
      readonly method: string;
      readonly proxy?: string;
      readonly headers: Record<string, string>;
      readonly body?: string;
    },
    callback: (error: Error | null, request: SipRequest) => void,
  ): void;
}

export type SipFailure = Error & { readonly status?: number; readonly res?: SipReply };
/** A 200 to an INVITE without SDP: the offer is theirs, the answer goes with our ACK. */
export interface UnacknowledgedAnswer {
  readonly sdp: string;
  ack(sdp: string): Promise<SipDialog>;
  destroy(): Promise<void>;
}
/** What `createUAC` gives: without `noAck`, or to a 200 without SDP, always a dialog. */
export const isDialog = (answered: SipDialog | UnacknowledgedAnswer): answered is SipDialog => "sip" in answered;

/** What we can do; of INVITE answers and OPTIONS. */
export const ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REGISTER";
