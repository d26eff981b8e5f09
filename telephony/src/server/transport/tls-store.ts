import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, type Stats, unwatchFile, watchFile } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import {
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type PeerCertificate,
  type SecureContextOptions,
} from "node:tls";
import { AppError, type Config, type Logger, makeOwnCertificate } from "@intramuros/contracts";
import { namesSipDomain } from "./tls-name.ts";
import { findTlsPeer, parseTlsPeers, type TlsPeer, type TlsPeers } from "./tls-peers.ts";

/** Certificates of the SIP server: its own, those it believes, and what single peers want; files that change are read again. */
export interface TlsStore {
  /** Options of a listener. */
  inbound(): TlsServerOptions;
  /** Options of a connection to a peer. */
  outbound(peer: { readonly name: string; readonly address: string; readonly port: number }): TlsClientOptions;
  /** A server that takes over new certificates when they come. */
  keep(server: { setSecureContext(options: SecureContextOptions): void }): void;
  /** Days until our certificate ends; below zero: it has ended. */
  daysLeft(): number;
  close(): void;
}
export interface TlsServerOptions extends SecureContextOptions {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
}
export interface TlsClientOptions extends SecureContextOptions {
  readonly servername: string;
  readonly rejectUnauthorized: boolean;
  checkServerIdentity(host: string, certificate: PeerCertificate): Error | undefined;
}

export const sipCertPath = (root: string): string => path.join(root, "keys", "sip-cert.pem");
const sipKeyPath = (root: string): string => path.join(root, "keys", "sip-key.pem");
/** Written by telephony from the trunks; see README. */
export const tlsPeersPath = (root: string): string => path.join(root, "telephony", "tls-peers.json");

const LOOK_MS = 2000;
export const WARN_DAYS = 21;
const MAX_PEERS_BYTES = 8 * 1024 * 1024;
const DAY_MS = 86_400_000;
const daysUntil = (unixMs: number): number => Math.floor((unixMs - Date.now()) / DAY_MS);

interface Material {
  readonly cert: string;
  readonly key: string;
  /** Who may vouch for peers. */
  readonly ca: readonly string[];
  readonly endsAt: number;
}

export async function openTlsStore(
  config: Config["sip"],
  place: { readonly root: string; readonly addresses: readonly string[] },
  log: Logger,
): Promise<TlsStore> {
  const { tlsCertPath, tlsKeyPath } = config;
  if ((tlsCertPath === "") !== (tlsKeyPath === "")) {
    throw new AppError({
      code: "sip-certificate-incomplete",
      message: "sip.tlsCertPath and sip.tlsKeyPath belong together",
      hint: "give both, or neither for a certificate made here",
    });
  }
  const certFile = tlsCertPath === "" ? sipCertPath(place.root) : tlsCertPath;
  const keyFile = tlsKeyPath === "" ? sipKeyPath(place.root) : tlsKeyPath;
  const peersFile = tlsPeersPath(place.root);
  if (tlsCertPath === "" && !(existsSync(certFile) && existsSync(keyFile))) {
    await makeOwnCertificate({ certFile, keyFile, hosts: place.addresses });
    log.info({ file: certFile }, "certificate for SIP over TLS made");
  }

  const readMaterial = (): Material => {
    const cert = readFileSync(certFile, "utf8");
    const key = readFileSync(keyFile, "utf8");
    const ca = readAuthorities(config.tlsCaPath);
    createSecureContext({ cert, key }); // throws when they do not belong together
    const endsAt = Date.parse(new X509Certificate(cert).validTo);
    const days = daysUntil(endsAt);
    // Peers decide whether they take an expired certificate; calls by other transports must not suffer from it.
    if (days < WARN_DAYS) log.warn({ file: certFile, days }, "the certificate for SIP over TLS ends soon or has ended");
    return { cert, key, ca, endsAt };
  };
  const readPeers = (): TlsPeers => {
    if (!existsSync(peersFile)) return new Map();
    const text = readFileSync(peersFile, "utf8");
    if (text.length > MAX_PEERS_BYTES) throw new Error("too large");
    const { peers, faults } = parseTlsPeers(text);
    const sound = [...peers].filter(([, { caPem }]) => caPem === "" || isPem(caPem));
    const left = [...faults, ...[...peers.keys()].filter((host) => !sound.some(([name]) => name === host))];
    if (left.length > 0) log.warn({ file: peersFile, peers: left }, "TLS options of peers left out");
    return new Map(sound);
  };

  let material: Material;
  try {
    material = readMaterial();
  } catch (cause) {
    throw new AppError({
      code: "sip-certificate-unusable",
      message: `the certificate for SIP over TLS cannot be used: ${(cause as Error).message}`,
      hint:
        tlsCertPath === ""
          ? `remove ${certFile} to have a new one made`
          : "check sip.tlsCertPath, sip.tlsKeyPath and sip.tlsCaPath",
      cause,
    });
  }
  let peers: TlsPeers = new Map();
  const servers: { setSecureContext(options: SecureContextOptions): void }[] = [];

  const inbound = (): TlsServerOptions => ({
    cert: material.cert,
    key: material.key,
    minVersion: config.tlsMinVersion,
    // A PBX that connects to us is vouched for by what its trunk says, besides the site's authorities.
    ca: [...material.ca, ...new Set([...peers.values()].map(({ caPem }) => caPem).filter((pem) => pem !== ""))],
    allowPartialTrustChain: true,
    requestCert: config.tlsClientCertificate !== "off",
    rejectUnauthorized: config.tlsClientCertificate === "require",
  });

  const refresh = (what: string, read: () => void): void => {
    try {
      read();
      for (const server of servers) server.setSecureContext(inbound());
      log.info({ what }, "TLS settings read again");
    } catch (error) {
      log.warn({ what, reason: (error as Error).message }, "TLS settings cannot be read: the old ones stay");
    }
  };
  const onChange =
    (what: string, read: () => void) =>
    (now: Stats, before: Stats): void => {
      // A file that is not there yet is told once at the start.
      if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) refresh(what, read);
    };
  const rereadMaterial = onChange("certificate", () => {
    material = readMaterial();
  });
  const rereadPeers = onChange("peers", () => {
    peers = readPeers();
  });
  const watched: [string, (now: Stats, before: Stats) => void][] = [
    [certFile, rereadMaterial],
    [keyFile, rereadMaterial],
    [peersFile, rereadPeers],
  ];
  if (config.tlsCaPath !== "") watched.push([config.tlsCaPath, rereadMaterial]);
  for (const [file, reread] of watched) watchFile(file, { interval: LOOK_MS, persistent: false }, reread);
  try {
    peers = readPeers();
  } catch (error) {
    log.warn({ file: peersFile, reason: (error as Error).message }, "TLS options of peers cannot be read");
  }

  return {
    inbound,
    outbound({ name, address, port }) {
      const peer: TlsPeer | null = findTlsPeer(peers, { names: [name, address], port });
      const wanted = peer?.serverName || name;
      return {
        cert: material.cert,
        key: material.key,
        ca: peer === null || peer.caPem === "" ? [...material.ca] : [peer.caPem],
        allowPartialTrustChain: true,
        minVersion: peer?.minVersion ?? config.tlsMinVersion,
        rejectUnauthorized: peer?.verify ?? true,
        servername: isIP(wanted) === 0 ? wanted : "",
        checkServerIdentity: (_host, certificate) =>
          isPinned(certificate, peer?.caPem ?? "") || namesSipDomain(certificate, wanted)
            ? undefined
            : checkServerIdentity(wanted, certificate),
      };
    },
    keep: (server) => void servers.push(server),
    daysLeft: () => daysUntil(material.endsAt),
    close() {
      for (const [file, reread] of watched) unwatchFile(file, reread);
    },
  };
}

/** Whether OpenSSL can read it: one bad entry must not stop the others, nor our own renewal. */
function isPem(text: string): boolean {
  try {
    createSecureContext({ ca: text });
    return text.includes("-----BEGIN CERTIFICATE-----");
  } catch {
    return false;
  }
}

/** The trunk names this very certificate: who holds its key is the peer, whatever name it bears. */
function isPinned(certificate: PeerCertificate, pem: string): boolean {
  if (pem === "" || certificate.raw === undefined) return false;
  return pem
    .split(/(?<=-----END CERTIFICATE-----)/)
    .filter((part) => part.includes("BEGIN CERTIFICATE"))
    .some((part) => {
      try {
        return new X509Certificate(part).raw.equals(certificate.raw);
      } catch {
        return false;
      }
    });
}

function readAuthorities(file: string): readonly string[] {
  if (file !== "") return [readFileSync(file, "utf8")];
  const ofSystem = getCACertificates("system");
  return ofSystem.length > 0 ? ofSystem : getCACertificates("default");
}
