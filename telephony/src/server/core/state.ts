import type { MonoMs } from "@intramuros/contracts";
import type { RouteTable } from "../control/route-table.ts";
import type { Attempts } from "../control/secret.ts";
import type { Accept, DialogState } from "../dialog/index.ts";
import type { Essentials, MessageLimits, SipRequest } from "../message/index.ts";
import type { Client, InviteClient, InviteServer, Server, SipTimers } from "../transaction/index.ts";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}
export type Transport = "udp" | "tcp";

export interface Listener extends Endpoint {
  readonly transport: Transport;
}

/** Between which two addresses a message goes. */
export interface Flow {
  readonly transport: Transport;
  /** Our listener. */
  readonly local: Listener;
  readonly remote: Endpoint;
  /** The TCP connection the message came over; null: whichever leads to `remote`, or a new one. */
  readonly connection: number | null;
}

export interface CoreConfig {
  readonly listeners: readonly Listener[];
  readonly secret: string;
  readonly version: string;
  readonly timers: SipTimers;
  readonly messageLimits: MessageLimits;
  readonly maxTransactions: number;
  readonly maxDialogs: number;
  readonly maxRegisteredContacts: number;
  /** How long an application must be gone before its calls are ended. */
  readonly orphanMs: number;
}

export const CORE_LIMITS = {
  maxTransactions: 200_000,
  maxDialogs: 20_000,
  maxRegisteredContacts: 10_000,
  orphanMs: 1000,
} as const;

/** Unguessable names, given from outside because the core has no randomness. */
export interface Ids {
  /** For tags and branches. */
  token(): string;
  uuid(): string;
}

/** What asks to be woken: each keeps when, and the driver's queue keeps one entry for each. */
export interface Sleeper {
  wakeAt: MonoMs | null;
  /** Earliest entry of this sleeper in the driver's queue; the driver's own note. */
  queuedAt: MonoMs | null;
}

export interface ServerTransaction extends Sleeper {
  readonly kind: "server";
  readonly id: string;
  readonly key: string;
  readonly method: string;
  /** Exactly one of the two machines is not null. */
  invite: InviteServer | null;
  plain: Server | null;
  readonly reliable: boolean;
  request: SipRequest;
  readonly fields: Essentials;
  readonly flow: Flow;
  /** The application that must answer; null when the server does. */
  client: number | null;
  dialog: Dialog | null;
  toTag: string | null;
  /** Last response sent, for repetition. */
  last: string | null;
  /** An INVITE's wait for the application, which the machine leaves open. */
  answerBy: MonoMs | null;
  /** Whether the application has sent any response. */
  answered: boolean;
}

export interface ClientTransaction extends Sleeper {
  readonly kind: "client";
  readonly id: string;
  readonly key: string;
  readonly method: string;
  invite: InviteClient | null;
  plain: Client | null;
  readonly reliable: boolean;
  readonly request: SipRequest;
  readonly fields: Essentials;
  /** The request on the wire. */
  text: string;
  readonly flow: Flow;
  /** The application that asked, null when the server sent the request by itself. */
  client: number | null;
  dialog: Dialog | null;
  /** Whether the request was sent inside an existing dialog. */
  readonly inDialog: boolean;
  provisional: boolean;
  final: boolean;
  cancel: "none" | "held" | "sent";
  /** CANCEL that waits for a provisional response. */
  heldCancel: SipRequest | null;
  /** When a cancelled INVITE is given up although no final response came (RFC 3261 §9.1). */
  cancelBy: MonoMs | null;
  /** ACK sent for the non-2xx by the machine, or for the 2xx by the application; repeated when the response is. */
  ack: string | null;
  /** Last reliable provisional response passed up; its repetitions are not (RFC 3262 §4). */
  heard: { readonly tag: string; readonly rseq: number } | null;
  /** Tag of the 2xx that was passed up: others are forks. */
  answerTag: string | null;
  /** Until when responses are held, so that the application listens before it hears one. */
  quietUntil: MonoMs;
  held: readonly string[];
}

export interface Provisional {
  readonly machine: Accept;
  readonly wakeAt: MonoMs | null;
  readonly text: string;
  readonly flow: Flow;
  readonly rseq: number;
  /** CSeq number of the INVITE. */
  readonly seq: number;
}

export interface Dialog extends Sleeper {
  readonly kind: "dialog";
  readonly id: string;
  readonly method: "INVITE" | "SUBSCRIBE";
  key: string;
  state: DialogState;
  confirmed: boolean;
  over: boolean;
  flow: Flow;
  /** Where requests go instead of the remote target, because its address is not the one it writes from (protocol §12). */
  detour: Endpoint | null;
  client: number | null;
  /** Transaction id by which the application knows the INVITE. */
  readonly inviteId: string;
  localContact: string | null;
  /** Our 2xx that waits for its ACK. */
  accept: {
    machine: Accept;
    readonly text: string;
    readonly flow: Flow;
    readonly seq: number;
    readonly transactionId: string;
  } | null;
  /** Reliable provisional responses of ours, until their PRACKs; RSeq of the last. */
  provisionals: readonly Provisional[];
  lastRSeq: number | null;
  /** INVITE of ours whose 2xx the application has not acknowledged. */
  unacked: ClientTransaction | null;
  /** Open INVITE transactions, one at most in each direction. */
  openOut: ClientTransaction | null;
  openIn: ServerTransaction | null;
  orphanedAt: MonoMs | null;
  /** Until when requests of the peer are held, so that the application knows the dialog before it hears of it. */
  quietUntil: MonoMs;
  held: readonly { readonly client: number; readonly text: string }[];
}

export interface ControlClient {
  readonly id: number;
  readonly address: string;
  authenticated: boolean;
  tags: readonly string[];
}

/** Requests to a host whose address is being looked up. */
export interface Lookup {
  readonly resume: (address: string | null) => void;
}

export interface RegisteredContact {
  readonly flow: Flow;
  readonly expiresAt: MonoMs;
}

export type CoreInput =
  | { readonly type: "message"; readonly flow: Flow; readonly bytes: Buffer }
  | { readonly type: "client-opened"; readonly client: number; readonly address: string }
  | { readonly type: "frame"; readonly client: number; readonly payload: string }
  | { readonly type: "client-closed"; readonly client: number }
  | { readonly type: "connection-opened"; readonly connection: number }
  | { readonly type: "connection-closed"; readonly connection: number }
  /** A message could not be sent; `transaction` is what `send` named. */
  | { readonly type: "send-failed"; readonly transaction: ServerTransaction | ClientTransaction }
  | { readonly type: "resolved"; readonly lookup: number; readonly address: string | null }
  | { readonly type: "wake"; readonly sleeper: SleeperOwner };

export type SleeperOwner = ServerTransaction | ClientTransaction | Dialog;

export type CoreOutput =
  | {
      readonly type: "send";
      readonly flow: Flow;
      readonly text: string;
      readonly transaction: ServerTransaction | ClientTransaction | null;
    }
  | { readonly type: "frame"; readonly client: number; readonly text: string }
  | { readonly type: "close-client"; readonly client: number }
  /** It has shown the secret. */
  | { readonly type: "trust-client"; readonly client: number }
  | { readonly type: "sleep"; readonly sleeper: SleeperOwner }
  | { readonly type: "resolve"; readonly lookup: number; readonly host: string }
  | { readonly type: "note"; readonly level: "info" | "warn"; readonly what: string; readonly fields: NoteFields };

/** For the log: never what a caller said or who they are. */
export type NoteFields = Readonly<Record<string, string | number>>;

export interface Counters {
  received: number;
  malformed: number;
  refused: number;
  retransmitted: number;
  timeouts: number;
}

/**
 * What the server holds in memory. Unlike other plain files this room changes its state in place: it is the single owner of maps
 * with a hundred thousand entries, and no copy of them would ever be compared. All the same it decides by its arguments alone.
 */
export interface CoreState {
  readonly config: CoreConfig;
  readonly ids: Ids;
  now: MonoMs;
  unixMs: number;
  out: CoreOutput[];
  readonly clients: Map<number, ControlClient>;
  readonly routes: RouteTable;
  readonly attempts: Attempts;
  readonly serverByKey: Map<string, ServerTransaction>;
  /** Transactions that wait for an application's response. */
  readonly serverById: Map<string, ServerTransaction>;
  readonly clientByKey: Map<string, ClientTransaction>;
  readonly clientById: Map<string, ClientTransaction>;
  readonly dialogById: Map<string, Dialog>;
  readonly dialogByKey: Map<string, Dialog>;
  readonly dialogByCallId: Map<string, Dialog>;
  /** New INVITEs without a final response, by Call-ID, From tag and CSeq: a second path of the same is a merge. */
  readonly openInvites: Map<string, ServerTransaction>;
  readonly connections: Set<number>;
  readonly contacts: Map<string, RegisteredContact>;
  readonly lookups: Map<number, Lookup>;
  lookupCount: number;
  frameCount: number;
  readonly ownHostports: ReadonlySet<string>;
  readonly counters: Counters;
}
