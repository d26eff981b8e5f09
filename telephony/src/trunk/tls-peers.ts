import type { TrunkMessage } from "./set-up.ts";

/** What the SIP server must know of the TLS of single peers: the form of `tls-peers.json`, which its transport room describes. */
export interface TlsPeer {
  readonly verify: boolean;
  readonly minVersion: string;
  readonly caPem?: string;
  readonly serverName?: string;
}

/** By `host:port` as the URI has them; by `host` alone where DNS names the port. The first trunk that names a peer decides. */
export function tlsPeersOf(trunks: readonly TrunkMessage[]): Readonly<Record<string, TlsPeer>> {
  const peers: Record<string, TlsPeer> = {};
  for (const { enabled, tls, peers: list } of trunks) {
    if (!enabled) continue;
    for (const { host, port, transport } of list) {
      if (transport !== "tls") continue;
      const bare = host.replace(/^\[|\]$/g, "");
      const key = port === 0 ? bare : `${bare.includes(":") ? `[${bare}]` : bare}:${port}`;
      peers[key] ??= {
        ...{ verify: tls.verify, minVersion: tls.minVersion },
        ...(tls.caPem === "" ? {} : { caPem: tls.caPem }),
        ...(tls.serverName === "" ? {} : { serverName: tls.serverName }),
      };
    }
  }
  return peers;
}
