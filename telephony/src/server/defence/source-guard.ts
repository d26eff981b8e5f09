import type { MonoMs } from "@intramuros/contracts";

/**
 * How much one source may ask of us. A source is an IPv4 address, or the /64 of an IPv6 one; what comes by datagrams, whose senders may
 * lie about their address, is counted apart from what comes over connections.
 *
 * | a source is | when | new requests |
 * | --- | --- | --- |
 * | calm | below its rate | pass |
 * | hasty | above its rate | what is above gets 503 with Retry-After |
 * | flooding | an eighth of a second's worth was refused | nothing of it passes or is answered, most is not even read, until it has begun nothing for 3 s |
 *
 * Requests within dialogs and retransmissions are not counted as new; all that a source sends is counted against a second, higher rate.
 */
export interface SourceLimits {
  /** New requests in a second; 0: no limit of rates. */
  readonly maxRequestsPerSecond: number;
  /** Transactions kept at a time. */
  readonly maxTransactions: number;
}

/** Each method names its source by `sourceOf`. */
export interface SourceGuard {
  /** Before anything is read of a message: false when it is to be dropped. */
  hears(name: string, bytes: Uint8Array, now: MonoMs): boolean;
  /** Whether its source floods, so that `hears` would say no; counts nothing. */
  isSilenced(name: string, bytes: Uint8Array, now: MonoMs): boolean;
  /** A request of no transaction and no dialog that we know, or one that is malformed. */
  admits(name: string, now: MonoMs): "pass" | "refuse" | "ignore";
  /** A server transaction of this source has begun, or ended. */
  opened(name: string, now: MonoMs): void;
  closed(name: string): void;
  /** Sources remembered. */
  readonly size: number;
}

/** All that a source sends may be this much more than its new requests, for calls go on long after they have begun; at least so many a second. */
const MESSAGES_PER_REQUEST = 10;
const MIN_MESSAGES = 500;
/** What may come at once, as a part of what may come in a second. */
const BURST_PART = 8;
const MIN_BURST = 20;
/** So many refusals, as a part of a second's requests, make a flood; they are forgotten at this part of the rate. */
const FLOOD_PART = 8;
const FORGIVE_PART = 5;
const CALM_MS = 3000;

interface Source {
  /** When the levels below were right. */
  at: MonoMs;
  /** Leaky buckets: requests that passed, requests refused, messages. */
  passed: number;
  refused: number;
  messages: number;
  /** Until when it is called flooding; each attempt puts it off. */
  floodingUntil: number;
  transactions: number;
}

export function createSourceGuard(limits: SourceLimits): SourceGuard {
  const { maxRequestsPerSecond: rate, maxTransactions } = limits;
  const burst = Math.max(MIN_BURST, rate / BURST_PART);
  const messageRate = Math.max(MIN_MESSAGES, rate * MESSAGES_PER_REQUEST);
  const sources = new Map<string, Source>();

  const leak = (source: Source, now: MonoMs): void => {
    const seconds = (now - source.at) / 1000;
    source.at = now;
    source.passed = Math.max(0, source.passed - seconds * rate);
    source.refused = Math.max(0, source.refused - (seconds * rate) / FORGIVE_PART);
    source.messages = Math.max(0, source.messages - seconds * messageRate);
  };

  /** For each source that comes the two oldest are looked at, and forgotten when they keep nothing: so the map stays as small as it can. */
  const forgetOld = (now: MonoMs): void => {
    let looked = 0;
    for (const [key, source] of sources) {
      if (looked++ === 2) return;
      sources.delete(key);
      leak(source, now);
      if (source.transactions > 0 || source.refused > 0 || source.passed > 0 || source.floodingUntil > now)
        sources.set(key, source);
    }
  };

  const entryOf = (name: string, now: MonoMs): Source => {
    let source = sources.get(name);
    if (source === undefined) {
      forgetOld(now);
      source = { at: now, passed: 0, refused: 0, messages: 0, floodingUntil: 0, transactions: 0 };
      sources.set(name, source);
    } else leak(source, now);
    return source;
  };

  const refuse = (source: Source, now: MonoMs): "refuse" | "ignore" => {
    const enough = Math.max(rate / FLOOD_PART, MIN_BURST);
    source.refused = Math.min(source.refused + 1, enough);
    if (source.refused < enough && source.floodingUntil <= now) return "refuse";
    source.floodingUntil = now + CALM_MS;
    return "ignore";
  };

  return {
    hears(name, bytes, now) {
      if (rate === 0) return true;
      const source = entryOf(name, now);
      if (source.floodingUntil > now && opensSomething(bytes)) {
        refuse(source, now);
        return false;
      }
      if (source.messages + 1 > messageRate) return false;
      source.messages++;
      return true;
    },
    isSilenced: (name, bytes, now) => (sources.get(name)?.floodingUntil ?? 0) > now && opensSomething(bytes),
    admits(name, now) {
      const source = entryOf(name, now);
      if (source.transactions >= maxTransactions) return rate === 0 ? "refuse" : refuse(source, now);
      if (rate === 0) return "pass";
      if (source.floodingUntil > now || source.passed + 1 > burst) return refuse(source, now);
      source.passed++;
      return "pass";
    },
    opened(name, now) {
      entryOf(name, now).transactions++;
    },
    closed(name) {
      const source = sources.get(name);
      if (source !== undefined && source.transactions > 0) source.transactions--;
    },
    get size() {
      return sources.size;
    },
  };
}

/**
 * Whether the first bytes are those of a request that may begin something. Responses, ACK, BYE, CANCEL, PRACK and UPDATE belong to what
 * exists; they pass even from a source that floods, so that the calls it has can end.
 */
function opensSomething(bytes: Uint8Array): boolean {
  switch (bytes[0]) {
    case 0x41: // ACK
    case 0x42: // BYE
    case 0x43: // CANCEL
    case 0x55: // UPDATE
      return false;
    case 0x50: // PRACK, not PUBLISH
      return bytes[1] !== 0x52;
    case 0x53: // SIP/2.0, not SUBSCRIBE
      return bytes[1] !== 0x49;
    default:
      return true;
  }
}

/** Name of the source of what came by a flow. */
export function sourceOf(flow: { readonly transport: string; readonly remote: { readonly address: string } }): string {
  const network = networkOf(flow.remote.address);
  return flow.transport === "udp" ? network : `${network} connected`;
}

/** A customer of IPv6 has a /64 of addresses, so those are one source. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const last = tail === "" ? 0 : tail.split(":").length;
    while (groups.length + last < 8) groups.push("0");
    if (tail !== "") groups.push(...tail.split(":"));
  }
  return groups.slice(0, 4).join(":");
}
