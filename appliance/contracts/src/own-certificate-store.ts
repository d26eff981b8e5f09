import { writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { generate } from "selfsigned";

const YEARS = 5;

/**
 * Makes a certificate of our own, for sites that give none: for this machine's name and addresses, and for `hosts` besides (names or
 * addresses). Whoever connects must be told to believe it.
 */
export async function makeOwnCertificate(given: {
  readonly certFile: string;
  readonly keyFile: string;
  readonly hosts: readonly string[];
}): Promise<void> {
  const ofMachine = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const all = [...new Set([hostname(), "localhost", ...given.hosts, ...ofMachine])];
  const addresses = all.filter((host) => isIP(host) !== 0 && !host.includes("%"));
  const names = all.filter((host) => isIP(host) === 0 && host !== "");
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + YEARS);
  const made = await generate([{ name: "commonName", value: hostname() }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true, clientAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  writeFileSync(given.keyFile, made.private, { mode: 0o600 });
  writeFileSync(given.certFile, made.cert, { mode: 0o644 });
}
