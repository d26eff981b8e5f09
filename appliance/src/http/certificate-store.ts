import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import path from "node:path";
import { AppError, type Config } from "@intramuros/contracts";
import { generate } from "selfsigned";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const YEARS = 5;
export const consoleCertPath = (root: string): string => path.join(root, "keys", "console-cert.pem");
const consoleKeyPath = (root: string): string => path.join(root, "keys", "console-key.pem");

/** The site's own certificate, or one made at the first start for this machine's names and addresses. */
export async function readCertificate(root: string, config: Config): Promise<Certificate> {
  const { tlsCertPath, tlsKeyPath } = config.appliance;
  if ((tlsCertPath === "") !== (tlsKeyPath === "")) {
    throw new AppError({
      code: "certificate-incomplete",
      message: "appliance.tlsCertPath and appliance.tlsKeyPath belong together",
      hint: "give both, or neither for a certificate made here",
    });
  }
  if (tlsCertPath === "" && !existsSync(consoleCertPath(root)))
    await makeCertificate(root, config.appliance.consoleHost);
  const certFile = tlsCertPath === "" ? consoleCertPath(root) : tlsCertPath;
  const keyFile = tlsKeyPath === "" ? consoleKeyPath(root) : tlsKeyPath;
  try {
    const certificate = { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
    const { validTo } = new X509Certificate(certificate.cert);
    if (Date.parse(validTo) < Date.now()) throw new Error(`it was valid until ${validTo}; is the clock right?`);
    return certificate;
  } catch (cause) {
    throw new AppError({
      code: "certificate-unusable",
      message: `the console's certificate cannot be used: ${(cause as Error).message}`,
      hint:
        tlsCertPath === "" ? `remove ${certFile} to have a new one made` : "check appliance.tlsCertPath and tlsKeyPath",
      cause,
    });
  }
}

async function makeCertificate(root: string, consoleHost: string): Promise<void> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const isAddress = (text: string): boolean => /^[0-9.]+$|:/.test(text);
  const names = [...new Set([hostname(), "localhost", ...(isAddress(consoleHost) ? [] : [consoleHost])])];
  const notAfterDate = new Date();
  notAfterDate.setFullYear(notAfterDate.getFullYear() + YEARS);
  const made = await generate([{ name: "commonName", value: hostname() }], {
    keyType: "ec",
    algorithm: "sha256",
    notAfterDate,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...[...new Set(addresses)].filter((ip) => !ip.includes("%")).map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  writeFileSync(consoleKeyPath(root), made.private, { mode: 0o600 });
  writeFileSync(consoleCertPath(root), made.cert, { mode: 0o644 });
}
