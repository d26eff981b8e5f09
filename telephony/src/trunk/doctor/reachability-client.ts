import { lookup, Resolver } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { connect as connectTls, type PeerCertificate, rootCertificates } from "node:tls";
import type { TrunkInput, TrunkPeer } from "@intramuros/contracts";
import type { ResolveFacts, TlsFacts, TransportFacts } from "./judge-reach.ts";

/** What can be seen of a peer without SIP: its name, its port, its certificate. */
const LOOKUP_MS = 5000;
const CONNECT_MS = 5000;

export interface Place {
  readonly address: string;
  readonly port: number;
}

export const defaultPort = (peer: TrunkPeer): number => peer.port || (peer.transport === "tls" ? 5061 : 5060);

/** Addresses of a peer: as written, by SRV when no port is given, else by A and AAAA. */
export async function resolvePeer(
  peer: TrunkPeer,
  index: number,
): Promise<{ readonly facts: ResolveFacts; readonly place: Place | null }> {
  const host = peer.host.replace(/^\[|\]$/g, "");
  const facts = (addresses: readonly string[], problem: string): ResolveFacts => ({
    host,
    peer: index,
    addresses,
    problem,
  });
  if (isIP(host) !== 0) return { facts: facts([host], ""), place: { address: host, port: defaultPort(peer) } };
  const server = peer.port === 0 ? await serverOf(host, peer.transport) : null;
  try {
    const found = await withLimit(
      lookup(server?.name ?? host, { all: true }),
      LOOKUP_MS,
      "the DNS server did not answer",
    );
    const addresses = found.map(({ address }) => address);
    const first = addresses[0];
    return {
      facts: facts(addresses, ""),
      place: first === undefined ? null : { address: first, port: server?.port ?? defaultPort(peer) },
    };
  } catch (error) {
    return { facts: facts([], messageOf(error)), place: null };
  }
}

async function serverOf(
  host: string,
  transport: string,
): Promise<{ readonly name: string; readonly port: number } | null> {
  const resolver = new Resolver({ timeout: LOOKUP_MS / 2, tries: 1 });
  const name = transport === "tls" ? `_sips._tcp.${host}` : `_sip._${transport}.${host}`;
  try {
    const records = await resolver.resolveSrv(name);
    const best = records.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)[0];
    return best === undefined ? null : { name: best.name, port: best.port };
  } catch {
    return null; // no SRV record: the host itself is meant (RFC 3263 §4.2)
  }
}

/** Whether somebody listens; of UDP nothing can be said. */
export function tryConnection(peer: TrunkPeer, index: number, place: Place): Promise<TransportFacts> {
  const { transport } = peer;
  const facts = (outcome: TransportFacts["outcome"]): TransportFacts => ({
    place: `${place.address}:${place.port}`,
    ...{ peer: index, transport, outcome },
  });
  if (transport === "udp") return Promise.resolve(facts("datagrams"));
  return new Promise((resolve) => {
    const socket = connect({ host: place.address, port: place.port });
    const end = (outcome: TransportFacts["outcome"]): void => {
      socket.destroy();
      resolve(facts(outcome));
    };
    socket.setTimeout(CONNECT_MS, () => end("silent"));
    socket.once("connect", () => end("connected"));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      end(error.code === "ECONNREFUSED" ? "refused" : error.code === "ETIMEDOUT" ? "silent" : "unreachable"),
    );
  });
}

/** The peer's certificate, looked at whether or not it is trusted. Nothing is sent after the handshake. */
export function readCertificate(trunk: TrunkInput, peer: TrunkPeer, index: number, place: Place): Promise<TlsFacts> {
  const wantedName = trunk.tls.serverName || peer.host.replace(/^\[|\]$/g, "");
  const none: TlsFacts = {
    ...{ peer: index, certificate: null, protocol: "", untrusted: "", nameFits: true, wantedName },
    ...{ problem: "", now: Date.now() },
  };
  return new Promise((resolve) => {
    const socket = connectTls({
      ...{ host: place.address, port: place.port, minVersion: trunk.tls.minVersion },
      ...(isIP(wantedName) === 0 ? { servername: wantedName } : {}),
      ca: trunk.tls.caPem === "" ? [...rootCertificates] : [trunk.tls.caPem],
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    const end = (facts: TlsFacts): void => {
      socket.destroy();
      resolve(facts);
    };
    socket.setTimeout(CONNECT_MS, () => end({ ...none, problem: "the handshake was not answered" }));
    socket.once("error", (error) => end({ ...none, problem: messageOf(error) }));
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerCertificate();
      if (Object.keys(certificate).length === 0) return end({ ...none, problem: "the peer showed no certificate" });
      const names = namesOf(certificate);
      end({
        ...none,
        certificate: {
          subject: String(certificate.subject?.CN ?? ""),
          issuer: String(certificate.issuer?.CN ?? ""),
          names,
          validFrom: Date.parse(certificate.valid_from),
          validTo: Date.parse(certificate.valid_to),
        },
        protocol: socket.getProtocol() ?? "",
        untrusted: trunk.tls.verify && !socket.authorized ? String(socket.authorizationError) : "",
        nameFits: !trunk.tls.verify || names.some((name) => fits(name, wantedName)),
      });
    });
  });
}

/** Names and addresses of the certificate; the common name only where there is no other (RFC 6125 §6.4.4). */
function namesOf(certificate: PeerCertificate): readonly string[] {
  const others = [...(certificate.subjectaltname ?? "").matchAll(/(?:DNS|IP Address|URI):([^,\s]+)/g)].map((match) =>
    match[1]!.replace(/^sips?:/i, ""),
  );
  return others.length > 0 ? others : [String(certificate.subject?.CN ?? "")].filter(Boolean);
}

/** RFC 5922 §7.2: SIP takes no wildcards; PBXs have them all the same, so one label may be `*`. */
function fits(name: string, wanted: string): boolean {
  const [a, b] = [name.toLowerCase(), wanted.toLowerCase()];
  return a === b || (a.startsWith("*.") && b.includes(".") && a.slice(1) === b.slice(b.indexOf(".")));
}

async function withLimit<T>(work: Promise<T>, ms: number, problem: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(problem)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
