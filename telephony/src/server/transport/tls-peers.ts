import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

/** TLS options of single peers, `tls-peers.json`: `{ "pbx.bank.example": { "caPem": "…" }, "10.0.0.5:5061": { "verify": false } }`. */
export const TlsPeerSchema = Type.Object(
  {
    /** False: any certificate will do. */
    verify: Type.Boolean({ default: true }),
    /** Authorities, or the peer's own certificate; empty: those of the site. */
    caPem: Type.String({ maxLength: 65_536, default: "" }),
    /** Name in the certificate; empty: the host that was called. */
    serverName: Type.String({ maxLength: 255, default: "" }),
    minVersion: Type.Union([Type.Literal("TLSv1.2"), Type.Literal("TLSv1.3")], { default: "TLSv1.2" }),
  },
  { additionalProperties: false },
);
export type TlsPeer = Static<typeof TlsPeerSchema>;
export type TlsPeers = ReadonlyMap<string, TlsPeer>;

const MAX_PEERS = 1000;

/** Reads the file; what is not sound is left out and named in `faults`. */
export function parseTlsPeers(text: string): { readonly peers: TlsPeers; readonly faults: readonly string[] } {
  const peers = new Map<string, TlsPeer>();
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { peers, faults: ["not JSON"] };
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return { peers, faults: ["not an object"] };
  const faults: string[] = [];
  for (const [host, given] of Object.entries(raw).slice(0, MAX_PEERS)) {
    const peer: unknown = Value.Default(TlsPeerSchema, given);
    if (Value.Check(TlsPeerSchema, peer)) peers.set(host.toLowerCase(), peer);
    else faults.push(host.slice(0, 80));
  }
  return { peers, faults };
}

/** The options for a peer by its name or address, those with its port first; IPv6 stands in brackets when a port follows. */
export function findTlsPeer(
  peers: TlsPeers,
  { names, port }: { readonly names: readonly string[]; readonly port: number },
): TlsPeer | null {
  if (peers.size === 0) return null;
  const lower = names.map((name) => name.toLowerCase());
  for (const name of lower) {
    const found = peers.get(`${name.includes(":") ? `[${name}]` : name}:${port}`);
    if (found !== undefined) return found;
  }
  for (const name of lower) {
    const found = peers.get(name);
    if (found !== undefined) return found;
  }
  return null;
}
