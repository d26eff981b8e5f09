import { lookup } from "node:dns";
import { Resolver } from "node:dns/promises";
import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";
import type { Hop, Listener, Place, Transport } from "../core/state.ts";
import { defaultPort } from "../core/target.ts";
import { chooseNaptr, MAX_SERVERS, placesOf, type Site, srvName, type Target } from "./server-order.ts";

/**
 * Looks up where a host takes requests (RFC 3263): NAPTR, SRV, then addresses; the hosts file goes before DNS, as everywhere on the machine.
 * Answers are kept for the TTL of their addresses, and old ones go on to serve while no DNS server answers.
 */
export interface SipResolver {
  /** All places, best first; none: the host has no address, or too much is asked at once. Never throws, never waits longer than the limit. */
  resolve(hop: Hop): Promise<readonly Place[]>;
  close(): void;
}

export interface ResolverOptions {
  readonly listeners: readonly Listener[];
  /** For tests: servers to ask instead of the machine's; then neither the hosts file nor the machine's own look-up is used. */
  readonly servers?: readonly string[];
}

const QUERY_MS = 1500;
const TRIES = 2;
const TOTAL_MS = 8000;
const MAX_CACHED = 2000;
const MAX_OPEN = 200;
const MIN_TTL_MS = 5000;
const MAX_TTL_MS = 3_600_000;
/** Node does not tell the TTL of SRV and NAPTR records, so what rests on them is asked again soon. */
const SERVICE_TTL_MS = 60_000;
const NOTHING_MS = 5000;
const STALE_MS = 86_400_000;
const HOSTS_FILE = "/etc/hosts";
/** The name does not exist, or has no such record: an answer. All else is a server that did not give one. */
const ANSWERS = new Set(["ENOTFOUND", "ENODATA"]);
const PREFERENCE: readonly Transport[] = ["udp", "tcp", "tls"];

interface Entry {
  sites: readonly Site[];
  expiresAt: number;
  staleAt: number;
  pending: Promise<readonly Site[]> | null;
}

/** One look-up on its way: what must be remembered besides the records. */
interface Asking {
  ttlMs: number;
  failed: boolean;
}

export function createSipResolver({ listeners, servers }: ResolverOptions): SipResolver {
  const resolver = new Resolver({ timeout: QUERY_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  const ours = PREFERENCE.filter((transport) => listeners.some((item) => item.transport === transport));
  const has6 = listeners.some(({ address }) => isIP(address) === 6);
  const has4 = listeners.some(({ address }) => isIP(address) === 4);
  const prefers6 = !has4 || listeners.some(({ address }) => isIP(address) === 6 && address !== "::1");
  const cache = new Map<string, Entry>();
  let open = 0;

  const ask = async <T>(asking: Asking, query: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await query();
    } catch (error) {
      if (!ANSWERS.has((error as { code?: string }).code ?? "")) asking.failed = true;
      return [];
    }
  };

  const addressesOf = async (asking: Asking, host: string): Promise<readonly string[]> => {
    if (isIP(host) !== 0) return [host];
    if (servers === undefined) {
      const written = hostsFileAddresses(host);
      if (written.length > 0) {
        asking.ttlMs = Math.min(asking.ttlMs, MIN_TTL_MS);
        return written;
      }
    }
    const [v4, v6] = await Promise.all([
      has4 ? ask(asking, () => resolver.resolve4(host, { ttl: true })) : [],
      has6 ? ask(asking, () => resolver.resolve6(host, { ttl: true })) : [],
    ]);
    const found = [...v6, ...v4];
    for (const { ttl } of found) asking.ttlMs = Math.min(asking.ttlMs, Math.max(MIN_TTL_MS, ttl * 1000));
    if (found.length > 0 || servers !== undefined) return found.map(({ address }) => address);
    asking.ttlMs = Math.min(asking.ttlMs, MIN_TTL_MS);
    return machineLookup(host);
  };

  const serversOf = async (asking: Asking, name: string): Promise<readonly Target[]> => {
    const records = (await ask(asking, () => resolver.resolveSrv(name)))
      .filter((record) => record.name !== "" && record.name !== "." && record.port > 0)
      .toSorted((a, b) => a.priority - b.priority)
      .slice(0, MAX_SERVERS);
    if (records.length > 0) asking.ttlMs = Math.min(asking.ttlMs, SERVICE_TTL_MS);
    const targets = await Promise.all(
      records.map(async (record) => ({ ...record, addresses: await addressesOf(asking, record.name) })),
    );
    return targets.filter(({ addresses }) => addresses.length > 0);
  };

  const plainSite = async (asking: Asking, hop: Hop): Promise<readonly Site[]> => {
    const transport = hop.transport ?? (hop.secure ? "tls" : (ours[0] ?? "udp"));
    const addresses = await addressesOf(asking, hop.host);
    const port = hop.port ?? defaultPort(transport);
    return addresses.length === 0 ? [] : [{ transport, targets: [{ port, priority: 0, weight: 0, addresses }] }];
  };

  const search = async (asking: Asking, hop: Hop): Promise<readonly Site[]> => {
    if (hop.port !== null) return plainSite(asking, hop);
    if (servers === undefined && hostsFileAddresses(hop.host).length > 0) return plainSite(asking, hop);
    const wanted =
      hop.transport !== null ? [hop.transport] : ours.filter((transport) => !hop.secure || transport === "tls");
    let services: readonly { readonly transport: Transport; readonly name: string }[] = [];
    if (hop.transport === null) {
      services = chooseNaptr(await ask(asking, () => resolver.resolveNaptr(hop.host)), wanted);
    }
    if (services.length === 0) {
      services = wanted.flatMap((transport) => {
        const name = srvName(transport, hop.host);
        return name === null ? [] : [{ transport, name }];
      });
    }
    const sites = await Promise.all(
      services.map(async ({ transport, name }) => ({ transport, targets: await serversOf(asking, name) })),
    );
    const found = sites.filter(({ targets }) => targets.length > 0);
    return found.length > 0 ? found : plainSite(asking, hop);
  };

  const refresh = async (entry: Entry, hop: Hop): Promise<readonly Site[]> => {
    const asking: Asking = { ttlMs: MAX_TTL_MS, failed: false };
    open++;
    const sites = await search(asking, hop).catch((): readonly Site[] => []);
    open--;
    const now = performance.now();
    entry.pending = null;
    if (sites.length > 0) {
      entry.sites = sites;
      entry.expiresAt = now + asking.ttlMs;
      entry.staleAt = now + STALE_MS;
    } else {
      // No server answered: what was true before is the best guess, but a name that is gone is gone.
      if (!asking.failed || now > entry.staleAt) entry.sites = [];
      entry.expiresAt = now + NOTHING_MS;
    }
    return entry.sites;
  };

  const sitesOf = async (hop: Hop): Promise<readonly Site[]> => {
    const key = `${hop.host.toLowerCase()} ${hop.port ?? ""} ${hop.transport ?? ""} ${hop.secure ? "s" : ""}`;
    let entry = cache.get(key);
    if (entry !== undefined && entry.pending === null && performance.now() < entry.expiresAt) return entry.sites;
    if (entry?.pending) return entry.pending;
    if (open >= MAX_OPEN) return entry?.sites ?? [];
    if (entry === undefined) {
      if (cache.size >= MAX_CACHED) {
        const oldest = cache.keys().next().value;
        if (oldest !== undefined) cache.delete(oldest);
      }
      entry = { sites: [], expiresAt: 0, staleAt: 0, pending: null };
      cache.set(key, entry);
    }
    entry.pending = refresh(entry, hop);
    return entry.pending;
  };

  return {
    async resolve(hop) {
      const { promise: late, resolve: giveUp } = Promise.withResolvers<readonly Site[]>();
      const timer = setTimeout(() => giveUp([]), TOTAL_MS);
      const sites = await Promise.race([sitesOf(hop), late]);
      clearTimeout(timer);
      return placesOf(sites, Math.random, prefers6);
    },
    close: () => resolver.cancel(),
  };
}

/** What the machine finds by its other means (mDNS, a directory). */
const machineLookup = (host: string): Promise<readonly string[]> =>
  new Promise((resolve) => {
    lookup(host, { all: true }, (error, found) => resolve(error ? [] : found.map(({ address }) => address)));
  });

let hostsReadAt = "";
let hosts = new Map<string, string[]>();
/** Addresses of a name in the hosts file, which is read again when it has changed. */
function hostsFileAddresses(host: string): readonly string[] {
  try {
    const { mtimeMs, size } = statSync(HOSTS_FILE);
    const version = `${mtimeMs} ${size}`;
    if (version !== hostsReadAt) {
      hosts = parseHosts(readFileSync(HOSTS_FILE, "utf8"));
      hostsReadAt = version;
    }
  } catch {
    return []; // no such file: DNS alone
  }
  return hosts.get(host.toLowerCase()) ?? [];
}

function parseHosts(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [address = "", ...names] = (line.split("#")[0] ?? "").trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      found.set(key, [...(found.get(key) ?? []), address]);
    }
  }
  return found;
}
