import type { MonoMs, Wake } from "@intramuros/contracts";
import type { AppHeader } from "../control/command.ts";
import type { DialPlace, RouteAnswer } from "../control/route-answer.ts";
import type { RouteTable } from "../control/route-table.ts";
import type { Attempts } from "../control/secret.ts";
import type { SourceGuard } from "../defence/source-guard.ts";
import type { Accept, DialogState, Session } from "../dialog/index.ts";
import type { Essentials, MessageLimits, SipRequest, SipResponse } from "../message/index.ts";
import type { Search, SearchConfig, SearchInput } from "../proxy/index.ts";
import type { Client, InviteClient, InviteServer, Server, SipTimers } from "../transaction/index.ts";
import type { ApplicationRoute, Ask } from "./application-routes.ts";
import type { Heard } from "./forks.ts";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}
export type Transport = "udp" | "tcp" | "tls" | "ws" | "wss";

export interface Listener extends Endpoint {
  readonly transport: Transport;
}

/** Between which two addresses a message goes. */
export interface Flow {
  readonly transport: Transport;
  /** Our listener. */
  readonly local: Listener;
  readonly remote: Endpoint;
  /** The connection the message came over; null: whichever leads to `remote`, or a new one. */
  readonly connection: number | null;
  /** The host as the URI named it: what the certificate of a TLS peer must show. */
  readonly name?: string;
  /** UDP for want of another wish: a large request goes by TCP (RFC 3261 §18.1.1). On TCP: for its size alone, so UDP stands by. */
  readonly mayStream?: boolean;
}

/** What a URI says of its next hop (RFC 3263 §4); DNS knows the rest. */
export interface Hop {
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number | null;
  /** As the URI names it; null: ours to choose. */
  readonly transport: Transport | null;
  /** `sips:`: nothing but TLS may carry it. */
  readonly secure: boolean;
}

/** One of the places where a host takes requests, in the order in which they are tried. */
export interface Place extends Endpoint {
  readonly transport: Transport;
}

/** The address by which peers outside of our networks reach us. */
export interface External {
  readonly address: string;
  isLocal(address: string): boolean;
}

export interface CoreConfig {
  readonly listeners: readonly Listener[];
  readonly secret: string;
  readonly version: string;
  readonly timers: SipTimers;
  readonly messageLimits: MessageLimits;
  readonly maxTransactions: number;
  /** One source can never fill the table. */
  readonly maxTransactionsPerSource: number;
  /** New requests of one source in a second; 0: no limit. */
  readonly maxRequestsPerSecond: number;
  /** Names of scanners, in lower case. */
  readonly scanners: readonly string[];
  readonly maxDialogs: number;
  readonly maxRegisteredContacts: number;
  /** How long the calls of an application that went away wait for it to come back. */
  readonly takeoverMs: number;
  /** Whether applications are told of attempts, starts and ends of calls (protocol §11). */
  readonly cdrs?: boolean;
  readonly applicationRoutes?: readonly ApplicationRoute[];
  readonly external?: External | null;
  /** SIP URI of the next hop of all requests outside of calls that name none themselves. */
  readonly outboundProxy?: string | null;
}

export const CORE_LIMITS = {
  maxTransactions: 200_000,
  maxTransactionsPerSource: 100_000,
  maxRequestsPerSecond: 2000,
  scanners: [],
  maxDialogs: 20_000,
  maxRegisteredContacts: 10_000,
  takeoverMs: 60_000,
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
  flow: Flow;
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
  /** The application has handed the request to us as a proxy. */
  proxied: ProxiedRequest | null;
}

export interface ClientTransaction extends Sleeper {
  readonly kind: "client";
  readonly id: string;
  key: string;
  readonly method: string;
  invite: InviteClient | null;
  plain: Client | null;
  reliable: boolean;
  request: SipRequest;
  fields: Essentials;
  /** The request on the wire. The fields up to `flow` change when it goes on to another address ({@link others}). */
  text: string;
  flow: Flow;
  /** The application that asked, null when the server sent the request by itself. */
  client: number | null;
  dialog: Dialog | null;
  /** Whether the request was sent inside an existing dialog. */
  readonly inDialog: boolean;
  /** A refresh of the session timer, of which no application knows. */
  isRefresh: boolean;
  provisional: boolean;
  final: boolean;
  cancel: "none" | "held" | "sent";
  /** CANCEL that waits for a provisional response. */
  heldCancel: SipRequest | null;
  /** When a cancelled INVITE is given up although no final response came (RFC 3261 §9.1). */
  cancelBy: MonoMs | null;
  /** ACK sent for the non-2xx by the machine, or for the 2xx by the application; repeated when the response is. */
  ack: string | null;
  /** Reliable provisional responses passed up; their repetitions are not (RFC 3262 §4). */
  heard: readonly Heard[];
  /** Tag of the 2xx that was passed up: others are forks. */
  answerTag: string | null;
  /** Branches that answered too and were ended: the ACK for each repetition of their 2xx. */
  ended: readonly { readonly tag: string | null; readonly ack: string; readonly flow: Flow }[];
  /** Until when responses are held, so that the application listens before it hears one. */
  quietUntil: MonoMs;
  held: readonly string[];
  /** Where the request goes when this address fails (RFC 3263 §4.3), best first. */
  others: readonly Flow[];
  /** When an address that keeps silent is left for the next. */
  moveOnAt: MonoMs | null;
  /** Set for a request that we forward as a proxy: its responses go there. */
  proxied: { readonly by: ProxiedRequest; readonly branch: number } | null;
}

/** A request that we forward as a stateful proxy, and the search for who answers it. */
export interface ProxiedRequest extends Sleeper {
  readonly kind: "search";
  search: Search;
  readonly config: SearchConfig;
  readonly upstream: ServerTransaction;
  readonly request: SipRequest;
  /** Who is told how it goes. */
  readonly client: number;
  readonly commandId: string;
  readonly fullResponse: boolean;
  readonly remainInDialog: boolean;
  /** The application's headers for each forwarded request. */
  readonly extra: readonly AppHeader[];
  readonly branches: {
    readonly transaction: ClientTransaction | null;
    /** The last one. */
    readonly response: SipResponse | null;
    readonly arrival: BranchResponse | null;
  }[];
  /** Inputs that came while outputs were performed; null at rest. */
  inputs: (SearchInput | Wake)[] | null;
  /** Reliable provisional responses: the branch's number and ours. */
  readonly rseqs: { readonly tag: string; readonly down: number; readonly up: number }[];
  removeAt: MonoMs | null;
}

export interface BranchResponse {
  readonly response: SipResponse;
  readonly fields: Essentials;
  readonly flow: Flow;
  /** 0 for a response made here. */
  readonly bytes: number;
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

/** A call with a session timer. */
export interface DialogSession {
  readonly timer: Session;
  /** The peer allows UPDATE, which refreshes without an offer. */
  readonly takesUpdate: boolean;
  /** What we offered or answered last, for a refresh by INVITE. */
  readonly body: { readonly type: string; readonly body: Buffer } | null;
  /** Least interval that the peer has accepted. */
  readonly minSeconds: number;
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
  /** The last UPDATE in each direction, open or not. */
  updateOut: ClientTransaction | null;
  updateIn: ServerTransaction | null;
  session: DialogSession | null;
  /** Requests of the application that may not go yet: after an ACK, or a refresh of ours, they are tried again. */
  delayed: readonly { readonly client: number; readonly id: string; readonly send: () => void }[];
  /** The other early dialogs of the same INVITE. */
  forks: readonly { readonly state: DialogState; readonly flow: Flow; readonly detour: Endpoint | null }[];
  /** When a subscription ends that nobody renews; null for calls. */
  subscribedUntil: MonoMs | null;
  /** Its end has been told as a call detail record. */
  released: boolean;
  orphanedAt: MonoMs | null;
  /** Of the application that owned it last; who shares one may take it over. */
  ownerTags: readonly string[];
  /** What the peer asked while no application was there. */
  parked: readonly Parked[];
  /** Until when requests of the peer are held, so that the application knows the dialog before it hears of it. */
  quietUntil: MonoMs;
  held: readonly { readonly client: number; readonly text: string }[];
}

/** A frame that waits for an application; `transaction` waits for the answer, null: none is wanted. */
export interface Parked {
  readonly transaction: ServerTransaction | null;
  readonly text: string;
}

/** A BYE that was answered while no application was there. */
export interface Farewell {
  readonly tags: readonly string[];
  readonly text: string;
  readonly until: number;
}

export interface ControlClient {
  readonly id: number;
  readonly address: string;
  /** What we connected to it for (protocol §13); null: it connected to us. */
  readonly ask: number | null;
  authenticated: boolean;
  tags: readonly string[];
}

/** Requests to a host whose addresses are being looked up; none: it has no address. */
export interface Lookup {
  readonly resume: (places: readonly Place[]) => void;
}

export interface RegisteredContact {
  readonly flow: Flow;
  readonly expiresAt: MonoMs;
}

export type CoreInput =
  | { readonly type: "message"; readonly flow: Flow; readonly bytes: Buffer }
  /** `ask`: we dialled it, for that. */
  | { readonly type: "client-opened"; readonly client: number; readonly address: string; readonly ask?: number }
  | { readonly type: "application-answer"; readonly ask: number; readonly answer: RouteAnswer }
  | { readonly type: "frame"; readonly client: number; readonly payload: string }
  | { readonly type: "client-closed"; readonly client: number }
  | { readonly type: "connection-opened"; readonly connection: number }
  | { readonly type: "connection-closed"; readonly connection: number }
  /** A message could not be sent; `transaction` is what `send` named. */
  | {
      readonly type: "send-failed";
      readonly transaction: ServerTransaction | ClientTransaction;
      /** Why, where it helps an engineer: a certificate that was refused. */
      readonly why?: string | null;
    }
  | { readonly type: "resolved"; readonly lookup: number; readonly places: readonly Place[] }
  | { readonly type: "wake"; readonly sleeper: SleeperOwner }
  /** Values of `KeptDialog` that an earlier process left behind. */
  | { readonly type: "restored"; readonly dialogs: readonly unknown[] };

export type SleeperOwner = ServerTransaction | ClientTransaction | Dialog | ProxiedRequest;

export type CoreOutput =
  | {
      readonly type: "send";
      readonly flow: Flow;
      readonly text: string;
      readonly transaction: ServerTransaction | ClientTransaction | null;
    }
  | { readonly type: "frame"; readonly client: number; readonly text: string }
  | { readonly type: "close-client"; readonly client: number }
  /** Over HTTP; the driver answers in bounded time, `unreachable` at worst. */
  | {
      readonly type: "ask-application";
      readonly ask: number;
      readonly url: string;
      readonly httpMethod: "GET" | "POST";
      readonly query: readonly (readonly [string, string])[];
      readonly body: string | null;
    }
  | { readonly type: "dial-application"; readonly ask: number; readonly place: DialPlace }
  /** It has shown the secret. */
  | { readonly type: "trust-client"; readonly client: number }
  | { readonly type: "sleep"; readonly sleeper: SleeperOwner }
  | { readonly type: "resolve"; readonly lookup: number; readonly hop: Hop }
  | { readonly type: "note"; readonly level: "info" | "warn"; readonly what: string; readonly fields: NoteFields };

/** For the log: never what a caller said or who they are. */
export type NoteFields = Readonly<Record<string, string | number>>;

export interface Counters {
  received: number;
  malformed: number;
  refused: number;
  retransmitted: number;
  timeouts: number;
  /** Requests of scanners, answered with 503 for their source's rate, and dropped (`../defence`). */
  scanners: number;
  limited: number;
  ignored: number;
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
  readonly sources: SourceGuard;
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
  /** SUBSCRIBEs of ours without an answer, by Call-ID and our tag: the first NOTIFY may come before it (RFC 6665 §4.1.2.4). */
  readonly openSubscribes: Map<string, ClientTransaction>;
  /** Proxied INVITEs whose PRACKs must be mapped, by the key of {@link openInvites}. */
  readonly searches: Map<string, ProxiedRequest>;
  /** CSeq of INVITEs that we sent again with a longer session interval, by Call-ID. */
  readonly raisedSeqs: Map<string, number>;
  /** Who challenged lately, by nonce and realm. */
  readonly affinities: Map<string, { readonly target: string; readonly until: MonoMs }>;
  lookupCount: number;
  /** Addresses that failed, by {@link placeKey}, and until when others are tried before them. */
  readonly failedUntil: Map<string, MonoMs>;
  /** Peers that refuse TCP, and until when large requests go to them by UDP. */
  readonly noStreamUntil: Map<string, MonoMs>;
  frameCount: number;
  readonly ownHostports: ReadonlySet<string>;
  readonly counters: Counters;
  /** Lines of the log by text. */
  readonly noted: Map<string, { readonly since: MonoMs; count: number }>;
  /** Requests that wait to hear whose they are (protocol §13). */
  readonly asks: Map<number, Ask>;
  askCount: number;
  parkedCount: number;
  farewells: Farewell[];
  /** Dialogs whose kept state has changed since the driver asked last. */
  readonly touched: Set<Dialog>;
}
