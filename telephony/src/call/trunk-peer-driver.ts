import { promises as dns } from "node:dns";
import { isIP } from "node:net";
import { type PeerStatus, type TrunkPeer, unixMs } from "@intramuros/contracts";
import { plainAddress } from "../trunk/address-set.ts";
import { readCertificate, resolvePeer } from "../trunk/doctor/reachability-client.ts";
import { type Keepalive, type KeepaliveInput, newKeepalive, peerProblem, peerTimes, step } from "../trunk/keepalive.ts";
import { type Hop, hostDestination, ownFrom } from "../trunk/outbound.ts";
import type { TrunkMessage } from "../trunk/set-up.ts";
import type { TrunkCaller, TrunkReply } from "./trunk-caller-driver.ts";

/** One place where a PBX is: asked by OPTIONS, and looked up where it is a name. */
export interface PeerRun {
  readonly hop: Hop;
  readonly state: Keepalive;
  /** Of its name, and where it answered from. */
  readonly addresses: ReadonlySet<string>;
  status(): PeerStatus;
  /** The form changed, or the peer's place in the hunt; where it is did not. */
  use(trunk: TrunkMessage, hop: Hop): void;
  /** A call tells as well whether it is there. */
  heard(sipCode: number): void;
  silent(): void;
  /** Asks now, whatever the interval says, and waits no longer than a caller would. */
  probe(): Promise<TrunkReply>;
  resolve(): Promise<void>;
  /** The SIP server is back. */
  retry(): void;
  stop(): void;
}

const OPTIONS_TIMEOUT_MS = 4000;
/** Three datagrams are sent in this time (RFC 3261 §17.1.2.1). */
const PROBE_TIMEOUT_MS = 2000;
const SPREAD_MS = 1000;
const MAX_ADDRESSES = 32;
/** How often a peer's certificate is looked at: when it was seen, and when it could not be. */
const CERTIFICATE_MS = 6 * 3_600_000;
const NO_CERTIFICATE_MS = 600_000;

export function startPeer(options: {
  readonly trunk: TrunkMessage;
  readonly hop: Hop;
  readonly caller: TrunkCaller;
  readonly onChanged: () => void;
}): PeerRun {
  const { caller, onChanged } = options;
  let { trunk, hop } = options;
  let state = newKeepalive(unixMs(Date.now()), Math.random() * SPREAD_MS);
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  let lastAddress = "";
  let problem = "";
  let named: readonly string[] = [];
  const answering = new Set<string>();
  let certificateExpiresAt: number | null = null;
  let certificateDueAt = 0;

  const lookAtCertificate = async ({ peer }: Extract<Hop, { type: "peer" }>): Promise<void> => {
    if (peer.transport !== "tls" || !trunk.enabled || Date.now() < certificateDueAt) return;
    certificateDueAt = Date.now() + NO_CERTIFICATE_MS;
    const { place } = await resolvePeer(peer, 0);
    if (place === null) return;
    const { certificate } = await readCertificate(trunk, peer, 0, place);
    if (certificate === null) return;
    certificateExpiresAt = certificate.validTo;
    certificateDueAt = Date.now() + CERTIFICATE_MS;
  };

  const take = (input: KeepaliveInput): void => {
    if (isStopped) return;
    const made = step(state, input, unixMs(Date.now()), trunk.keepalive);
    state = made.state;
    if (timer !== null) clearTimeout(timer);
    timer =
      made.wakeAt === null ? null : setTimeout(() => take({ type: "wake" }), Math.max(10, made.wakeAt - Date.now()));
    if (made.send) void ask(OPTIONS_TIMEOUT_MS);
    if (made.changed) onChanged();
  };

  const ask = async (timeoutMs: number): Promise<TrunkReply> => {
    const reply = await caller
      .request(trunk, {
        method: "OPTIONS",
        destination: hostDestination(trunk, hop),
        headers: { From: ownFrom(trunk), Contact: "<sip:localhost>", Accept: "application/sdp" },
        timeoutMs,
      })
      .catch(
        (error: unknown): TrunkReply => ({ type: "unsent", problem: error instanceof Error ? error.message : "" }),
      );
    switch (reply.type) {
      case "answered":
        problem = "";
        if (reply.address !== "") {
          lastAddress = `${reply.address}:${reply.port}`;
          if (answering.size >= MAX_ADDRESSES) answering.clear();
          answering.add(plainAddress(reply.address));
        }
        take({ type: "answered", sipCode: reply.sipCode, roundTripMs: Math.round(reply.roundTripMs * 100) / 100 });
        break;
      case "silent":
        problem = reply.problem;
        take({ type: "silent" });
        break;
      case "unsent":
        problem = reply.problem;
        take({ type: "unsent" });
        break;
    }
    return reply;
  };

  setImmediate(() => take({ type: "wake" }));
  return {
    get hop() {
      return hop;
    },
    get state() {
      return state;
    },
    get addresses() {
      return new Set([...named, ...answering]);
    },
    status() {
      const [host, transport] =
        hop.type === "peer" ? [hop.peer.host, hop.peer.transport] : [hop.at.contact, hop.at.protocol];
      const told = state.at === "down" && state.lastCode === 0 && problem !== "" ? problem : peerProblem(state);
      const certificate = certificateExpiresAt === null ? {} : { certificateExpiresAt };
      return { host, address: lastAddress, transport, problem: told, ...peerTimes(state), ...certificate };
    },
    use(nextTrunk, nextHop) {
      trunk = nextTrunk;
      hop = nextHop;
      take({ type: "wake" });
    },
    heard(sipCode) {
      // A refusal of one call says nothing about the next: only that somebody is at home.
      if (state.at !== "up" && sipCode < 500) take({ type: "answered", sipCode, roundTripMs: null });
    },
    silent: () => take({ type: "silent" }),
    probe: () => ask(PROBE_TIMEOUT_MS),
    async resolve() {
      if (hop.type === "peer") {
        named = await addressesOf(hop.peer);
        void lookAtCertificate(hop);
      } else named = [plainAddress(hop.at.address)];
    },
    retry: () => take({ type: "retry" }),
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Every address that a peer's name may stand for (RFC 3263): who calls from there is the peer. */
async function addressesOf(peer: TrunkPeer): Promise<readonly string[]> {
  const host = peer.host.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return [plainAddress(host)];
  const hosts = new Set([host]);
  if (peer.port === 0) {
    for (const record of await servers(peer, host)) hosts.add(record);
  }
  const found: string[] = [];
  for (const name of hosts) {
    const list = await dns.lookup(name, { all: true }).catch(() => []);
    found.push(...list.map(({ address }) => plainAddress(address)));
  }
  return found.slice(0, MAX_ADDRESSES);
}

async function servers(peer: TrunkPeer, host: string): Promise<readonly string[]> {
  const service = peer.transport === "tls" ? `_sips._tcp.${host}` : `_sip._${peer.transport}.${host}`;
  const records = await dns.resolveSrv(service).catch(() => []);
  return records.slice(0, MAX_ADDRESSES).map((record) => record.name);
}
