import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect, createServer, type TlsOptions } from "node:tls";
import { AppError, defaultConfig, openLog } from "@intramuros/contracts";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalText } from "./tls-name.ts";
import { openTlsStore, type TlsStore, tlsPeersPath } from "./tls-store.ts";

/** What we believe of a TLS peer, tried on real handshakes with certificates of an authority of our own. */
const root = mkdtempSync(path.join(tmpdir(), "intramuros-tls-"));
for (const folder of ["keys", "telephony"]) mkdirSync(path.join(root, folder));
const config = { ...defaultConfig().sip, listen: ["tls:127.29.41.60:4061"] };
const place = { root, addresses: ["127.29.41.60"] };
const log = openLog("sip", "error");
const DAY_MS = 86_400_000;

interface Pair {
  readonly cert: string;
  readonly key: string;
}
type Name = { readonly type: 2; readonly value: string } | { readonly type: 6; readonly value: string };
async function issue(names: readonly Name[], authority: Pair | null, endsInDays = 10): Promise<Pair> {
  const made = await generate([{ name: "commonName", value: names[0]?.value ?? "authority" }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - 30 * DAY_MS),
    notAfterDate: new Date(Date.now() + endsInDays * DAY_MS),
    extensions: [
      { name: "basicConstraints", cA: authority === null, critical: true },
      ...(names.length === 0 ? [] : [{ name: "subjectAltName" as const, altNames: [...names] }]),
    ],
    ...(authority === null ? {} : { ca: authority }),
  });
  return { cert: made.cert, key: made.private };
}

let authority: Pair;
let store: TlsStore;
const certificates: Record<string, Pair> = {};
beforeAll(async () => {
  authority = await issue([], null);
  certificates.named = await issue([{ type: 2, value: "pbx.test" }], authority);
  certificates.domain = await issue([{ type: 6, value: "sip:bank.test" }], authority);
  certificates.expired = await issue([{ type: 2, value: "pbx.test" }], authority, -2);
  certificates.stranger = await issue([{ type: 2, value: "pbx.test" }], null);
  const caPem = authority.cert;
  const peers = {
    "pbx.test": { caPem },
    "bank.test": { caPem },
    "renamed.test": { caPem, serverName: "pbx.test" },
    "careless.test": { verify: false },
    "strict.test": { verify: false, minVersion: "TLSv1.3" },
    "pinned.test": { caPem: certificates.stranger.cert },
    "broken.test": { caPem: "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----" },
  };
  writeFileSync(tlsPeersPath(root), JSON.stringify(peers));
  store = await openTlsStore(config, place, log);
});
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

/** How a connection to a peer of that name ends: `taken`, or why not. */
async function dial(name: string, server: TlsOptions): Promise<string> {
  const peer = createServer(server, (socket) => void socket.on("error", () => {}));
  await new Promise<void>((resolve) => peer.listen(0, "127.29.41.60", resolve));
  const { port } = peer.address() as AddressInfo;
  const outcome = await new Promise<string>((resolve) => {
    const socket = connect({ ...store.outbound({ name, address: "127.29.41.60", port }), host: "127.29.41.60", port });
    socket.once("secureConnect", () => {
      resolve("taken");
      socket.destroy();
    });
    socket.once("error", (error) => resolve(refusalText(error)));
  });
  peer.close();
  return outcome;
}

test.each([
  ["pbx.test", "named", "taken"],
  ["bank.test", "domain", "taken"],
  ["bank.test", "named", "the certificate is for another name"],
  ["renamed.test", "named", "taken"],
  ["pbx.test", "expired", "the certificate has expired"],
  ["pbx.test", "stranger", "the certificate is self-signed and not known to us"],
  ["pinned.test", "stranger", "taken"],
  ["careless.test", "expired", "taken"],
  ["broken.test", "named", "nobody known to us vouches for the certificate"],
  ["unlisted.test", "named", "nobody known to us vouches for the certificate"],
])("a call to %s that finds the certificate `%s`: %s", async (name, certificate, outcome) => {
  expect(await dial(name, { ...certificates[certificate] })).toBe(outcome);
});

test("a peer that speaks only TLS 1.2 is refused where its trunk wants 1.3", async () => {
  const old: TlsOptions = { ...certificates.named, maxVersion: "TLSv1.2" };
  expect(await dial("strict.test", old)).toBe("the peer refuses our TLS version");
  expect(await dial("careless.test", old)).toBe("taken");
});

test("a key that does not belong to the certificate is refused at the start, with the fields to look at", async () => {
  const [tlsCertPath, tlsKeyPath] = [path.join(root, "c.pem"), path.join(root, "k.pem")];
  writeFileSync(tlsCertPath, authority.cert);
  writeFileSync(tlsKeyPath, certificates.named?.key ?? "");
  const fault = await openTlsStore({ ...config, tlsCertPath, tlsKeyPath }, place, log).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(AppError);
  expect((fault as AppError).code).toBe("sip-certificate-unusable");
  expect((fault as AppError).hint).toContain("sip.tlsKeyPath");
});
