import { createHmac } from "node:crypto";
import type { Logger, TrunkStatus } from "@intramuros/contracts";
import { chooseListener } from "../server/core/target.ts";
import { plainAddress } from "../trunk/address-set.ts";
import { huntOrder } from "../trunk/hunting.ts";
import type { Reach } from "../trunk/identify.ts";
import { type Hop, hopName } from "../trunk/outbound.ts";
import { type Allowance, fullAllowance, takeOne } from "../trunk/rate-limit.ts";
import type { Binding } from "../trunk/registrar.ts";
import type { SetupMessage, TrunkMessage } from "../trunk/set-up.ts";
import { type CallOutcome, figuresOf } from "../trunk/statistics.ts";
import { trunkState } from "../trunk/trunk-state.ts";
import type { SipLink } from "./sip-driver.ts";
import { createTrunkCaller, type TrunkCaller } from "./trunk-caller-driver.ts";
import { type PeerRun, startPeer } from "./trunk-peer-driver.ts";
import { type OurRegistration, startRegistration } from "./trunk-registration-driver.ts";
import type { StatisticsStore } from "./trunk-statistics-store.ts";

/**
 * The trunks at work: who is up, who is registered where, how many calls each carries, and in which order its peers are tried. A new
 * set-up touches only what differs; calls in progress keep what they began with.
 */
export interface Trunks {
  readonly caller: TrunkCaller;
  readonly reach: Reach;
  use(setup: SetupMessage): void;
  /** The set-up's trunk, if it may be used. */
  trunk(trunkId: string): TrunkMessage | null;
  /** Where a call to the PBX is tried, in this order. */
  hops(trunkId: string): readonly TrunkHop[];
  /** Our own address towards a hop and the hop's, as far as its name is looked up; null: no listener of ours can reach it. */
  way(hop: Hop): { readonly local: string; readonly remote: string } | null;
  /** Counts a call; a sentence when the trunk has as many as it may. */
  begin(trunkId: string, direction: "inbound" | "outbound"): TrunkCallTicket | string;
  /** An inbound call that was refused before it was counted. */
  refused(trunkId: string, sipCode: number): void;
  status(trunkId: string): readonly TrunkStatus[];
  /** The SIP server is there, for the first time or again. */
  sipBack(): void;
  /** A PBX registered with us, or went. */
  registrationChanged(trunkId: string): void;
  close(): void;
}

export interface TrunkHop {
  readonly hop: Hop;
  readonly name: string;
  readonly isDown: boolean;
  /** A call was answered by it, whatever with. */
  heard(sipCode: number): void;
  /** Whether anybody is there at all; a call that hears nothing asks. */
  isThere(): Promise<boolean>;
}

export interface TrunkCallTicket {
  /** Once; what comes later is not counted. */
  end(outcome: CallOutcome): void;
}

interface Run {
  trunk: TrunkMessage;
  peers: ReadonlyMap<string, PeerRun>;
  registration: OurRegistration | null;
  registrationKey: string;
  inbound: number;
  outbound: number;
  allowance: Allowance;
  told: string;
}

const RESOLVE_MS = 60_000;

export function createTrunks(deps: {
  readonly sip: SipLink;
  readonly statistics: StatisticsStore;
  readonly contactsOf: (trunkId: string) => readonly Binding[];
  /** For the secret in our contacts: it must be the same after a restart. */
  readonly masterKeyHex: string;
  readonly log: Logger;
  readonly onState: (state: { readonly trunkId: string; readonly state: string; readonly problem: string }) => void;
}): Trunks {
  const { sip, statistics, log } = deps;
  const caller = createTrunkCaller(sip.agent);
  const runs = new Map<string, Run>();
  const lineOf = (trunkId: string): string =>
    createHmac("sha256", deps.masterKeyHex).update(`trunk line ${trunkId}`).digest("hex").slice(0, 32);

  const resolving = setInterval(() => void resolveAll(), RESOLVE_MS);
  let isResolving = false;
  const resolveAll = async (): Promise<void> => {
    if (isResolving) return;
    isResolving = true;
    try {
      for (const run of runs.values()) for (const peer of run.peers.values()) await peer.resolve();
    } finally {
      isResolving = false;
    }
  };

  const hopsOf = (trunk: TrunkMessage): readonly (readonly [string, Hop])[] => {
    if (!trunk.enabled) return [];
    if (trunk.mode !== "registrar") {
      return trunk.peers.map((peer) => [`${peer.host} ${peer.port} ${peer.transport}`, { type: "peer", peer }]);
    }
    return deps.contactsOf(trunk.id).map(({ contact, source }) => {
      const { address, port, protocol } = source;
      return [
        `${contact} ${address} ${port} ${protocol}`,
        { type: "registered", at: { contact, address, port, protocol } },
      ];
    });
  };

  /** Starts peers that are new, keeps those that stay, stops the others. */
  const followPeers = (run: Run): void => {
    const peers = new Map<string, PeerRun>();
    for (const [key, hop] of hopsOf(run.trunk)) {
      if (peers.has(key)) continue; // written twice in the form
      const old = run.peers.get(key);
      old?.use(run.trunk, hop);
      const peer = old ?? startPeer({ trunk: run.trunk, hop, caller, onChanged: () => changed(run) });
      if (old === undefined) void peer.resolve();
      peers.set(key, peer);
    }
    for (const [key, peer] of run.peers) if (!peers.has(key)) peer.stop();
    run.peers = peers;
  };

  const followRegistration = (run: Run): void => {
    const { trunk } = run;
    const wanted =
      trunk.enabled && trunk.mode === "register" && trunk.account.username !== "" && trunk.peers.length > 0;
    const key = wanted ? JSON.stringify([trunk.account, trunk.peers]) : "";
    if (key === run.registrationKey) return;
    const { registration: old } = run;
    run.registrationKey = key;
    run.registration = null;
    const start = (): void => {
      // The set-up may have changed again while the old one was taken back.
      if (run.registrationKey !== key || key === "" || run.registration !== null) return;
      run.registration = startRegistration({
        ...{ trunk: run.trunk, line: lineOf(trunk.id), caller, log },
        onChanged: () => changed(run),
      });
    };
    if (old === null) start();
    else void old.remove().then(start);
  };

  const changed = (run: Run): void => {
    const { state, problem } = trunkState(partsOf(run));
    const told = `${state} ${problem}`;
    if (run.told === told) return;
    run.told = told;
    log.info({ trunkId: run.trunk.id, state, problem }, "a trunk changed its state");
    deps.onState({ trunkId: run.trunk.id, state, problem });
  };

  const registrationOf = (run: Run): TrunkStatus["registration"] => {
    const { trunk, registration } = run;
    if (!trunk.enabled || trunk.mode === "peer") return undefined;
    if (trunk.mode === "registrar") {
      const binding = deps.contactsOf(trunk.id)[0];
      const contact = binding?.contact ?? "";
      const until = binding === undefined ? {} : { until: binding.expiresAt };
      return { direction: "theirs", registered: binding !== undefined, ...until, contact, problem: "" };
    }
    const problem =
      trunk.account.username === "" ? "the trunk has no user name to register with (account.username)" : "";
    if (registration === null) return { direction: "ours", registered: false, contact: "", problem };
    const { until, nextAt, lastCode } = registration.state;
    return {
      ...{
        direction: "ours",
        registered: until !== null,
        contact: trunk.account.contactUser || trunk.account.username,
      },
      ...(until === null ? {} : { until }),
      ...(nextAt === null ? {} : { nextAt }),
      ...(lastCode === null ? {} : { lastCode }),
      problem: registration.state.problem,
    };
  };

  const partsOf = (run: Run): Parameters<typeof trunkState>[0] => {
    const registration = registrationOf(run);
    const first = run.registration?.state;
    return {
      enabled: run.trunk.enabled,
      peers: [...run.peers.values()].map((peer) => peer.status()),
      registration:
        registration === undefined
          ? null
          : { ...registration, isFirstTry: first !== undefined && first.lastCode === null && first.failures === 0 },
    };
  };

  const statusOf = (run: Run): TrunkStatus => {
    const registration = registrationOf(run);
    const figures = figuresOf(statistics.of(run.trunk.id), Date.now());
    return {
      ...{ trunkId: run.trunk.id, ...trunkState(partsOf(run)) },
      peers: [...run.peers.values()].map((peer) => peer.status()),
      ...(registration === undefined ? {} : { registration }),
      callsNow: run.inbound + run.outbound,
      callsLimit: run.trunk.maxCalls,
      ...figures,
    };
  };

  return {
    caller,
    reach: {
      addressesOf(trunkId) {
        const run = runs.get(trunkId);
        const found = new Set<string>();
        for (const peer of run?.peers.values() ?? []) for (const address of peer.addresses) found.add(address);
        return found;
      },
      lineOf: (trunkId) => (runs.get(trunkId)?.trunk.mode === "register" ? lineOf(trunkId) : ""),
    },
    use(setup) {
      const ids = new Set(setup.trunks.map((trunk) => trunk.id));
      for (const [id, run] of runs) {
        if (ids.has(id)) continue;
        runs.delete(id);
        for (const peer of run.peers.values()) peer.stop();
        run.registrationKey = "";
        void run.registration?.remove();
      }
      for (const trunk of setup.trunks) {
        let run = runs.get(trunk.id);
        if (run === undefined) {
          run = {
            ...{ trunk, peers: new Map(), registration: null, registrationKey: "", inbound: 0, outbound: 0, told: "" },
            allowance: fullAllowance(rateOf(trunk), Date.now()),
          };
          runs.set(trunk.id, run);
        }
        run.trunk = trunk;
        followPeers(run);
        followRegistration(run);
        changed(run);
      }
      statistics.keep(ids);
    },
    trunk(trunkId) {
      const trunk = runs.get(trunkId)?.trunk;
      return trunk?.enabled === true ? trunk : null;
    },
    hops(trunkId) {
      const run = runs.get(trunkId);
      if (run === undefined) return [];
      const peers = [...run.peers.values()];
      // Of the contacts of a PBX the one that it registered last is tried first: an older one may be stale.
      const weighted = peers.map(({ hop }, index) =>
        hop.type === "peer" ? hop.peer : { ...REGISTERED_PEER, priority: peers.length - index },
      );
      const order = huntOrder(weighted, (index) => peers[index]?.state.at === "down", Math.random);
      return order.map(({ index, isDown }) => {
        const peer = peers[index]!;
        return {
          ...{ hop: peer.hop, name: hopName(peer.hop), isDown },
          heard: (sipCode) => peer.heard(sipCode),
          isThere: async () => (await peer.probe()).type === "answered",
        };
      });
    },
    way(hop) {
      const [transport, host] =
        hop.type === "peer" ? [hop.peer.transport, hop.peer.host] : [hop.at.protocol, hop.at.address];
      const remote = [...(runsPeer(runs, hop)?.addresses ?? [])][0] ?? plainAddress(host);
      const listeners = sip.addresses.flatMap(listenerOf);
      const wanted = transport as (typeof listeners)[number]["transport"];
      const local = chooseListener(listeners, { address: remote, transport: wanted }) ?? listeners[0];
      return local === undefined ? null : { local: local.address, remote };
    },
    begin(trunkId, direction) {
      const run = runs.get(trunkId);
      if (run === undefined) return { end: () => undefined };
      const { trunk } = run;
      const { maxInbound, maxOutbound } = trunk.limits;
      if (trunk.maxCalls > 0 && run.inbound + run.outbound >= trunk.maxCalls)
        return "as many calls as the trunk allows";
      const own = direction === "inbound" ? maxInbound : maxOutbound;
      if (own > 0 && run[direction] >= own) return `as many ${direction} calls as the trunk allows`;
      if (direction === "inbound" && trunk.limits.callsPerSecond > 0) {
        const taken = takeOne(run.allowance, rateOf(trunk), Date.now());
        run.allowance = taken.allowance;
        if (!taken.allowed) return "more calls a second than the trunk allows";
      }
      run[direction]++;
      statistics.peak(trunkId, run.inbound + run.outbound);
      let isOver = false;
      return {
        end(outcome) {
          if (isOver) return;
          isOver = true;
          run[direction]--;
          if (runs.has(trunkId)) statistics.add(trunkId, outcome);
        },
      };
    },
    refused(trunkId, sipCode) {
      if (runs.has(trunkId)) statistics.add(trunkId, { sipCode, talkedMs: 0, dialMs: null });
    },
    status(trunkId) {
      return [...runs.values()].filter(({ trunk }) => trunkId === "" || trunk.id === trunkId).map(statusOf);
    },
    sipBack() {
      for (const run of runs.values()) {
        run.registration?.retry();
        for (const peer of run.peers.values()) peer.retry();
      }
    },
    registrationChanged(trunkId) {
      const run = runs.get(trunkId);
      if (run === undefined) return;
      followPeers(run);
      changed(run);
    },
    close() {
      clearInterval(resolving);
      for (const run of runs.values()) {
        run.registration?.stop();
        for (const peer of run.peers.values()) peer.stop();
      }
      statistics.close();
    },
  };
}

const REGISTERED_PEER = { host: "", port: 0, transport: "udp", priority: 0, weight: 1 } as const;

const rateOf = (trunk: TrunkMessage): { readonly burst: number; readonly perSecond: number } => {
  const perSecond = trunk.limits.callsPerSecond;
  return { burst: Math.max(1, perSecond), perSecond };
};

const runsPeer = (runs: ReadonlyMap<string, Run>, hop: Hop): PeerRun | undefined => {
  for (const run of runs.values()) for (const peer of run.peers.values()) if (peer.hop === hop) return peer;
  return undefined;
};

/** `udp/192.0.2.1:5060`, as the SIP server tells where it listens. */
function listenerOf(hostPort: string): readonly {
  readonly transport: "udp" | "tcp" | "tls" | "ws" | "wss";
  readonly address: string;
  readonly port: number;
}[] {
  const match = /^(udp|tcp|tls|ws|wss)\/\[?([^\]]+?)\]?:([0-9]+)$/.exec(hostPort.trim());
  if (match === null) return [];
  return [{ transport: match[1] as "udp", address: match[2]!, port: Number(match[3]) }];
}
