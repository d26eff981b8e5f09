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

export interface SipSendOptions {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
export interface SipResponse extends SipMessage {
  readonly status: number;
  readonly finalResponseSent: boolean;
  send(status: number, options?: SipSendOptions): void;
}

export interface SipDialog extends EventEmitter {
  readonly sip: { readonly callId: string };
  readonly local: { sdp: string; readonly contact?: string };
  readonly remote: { sdp?: string };
  readonly connected: boolean;
  handle(request: SipRequest, response: SipResponse): void;
  destroy(options: { headers: Record<string, string> }, callback: (error: unknown) => void): void;
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
    options: { readonly localSdp: string; readonly proxy?: string; readonly headers: Record<string, string> },
    progress: {
      readonly cbRequest: (error: Error | null, request: SipRequest) => void;
      readonly cbProvisional: (response: SipResponse) => void;
    },
    callback: (error: (Error & { readonly status?: number }) | null, dialog: SipDialog) => void,
  ): void;
}

/** What we can do; of INVITE answers and OPTIONS. */
export const ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REGISTER";
