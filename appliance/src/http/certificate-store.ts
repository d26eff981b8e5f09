import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { AppError, type Config, makeOwnCertificate } from "@intramuros/contracts";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

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
  if (tlsCertPath === "" && !existsSync(consoleCertPath(root))) {
    await makeOwnCertificate({
      ...{ certFile: consoleCertPath(root), keyFile: consoleKeyPath(root) },
      hosts: [config.appliance.consoleHost],
    });
  }
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
