import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { auditKeyPath, masterKeyPath } from "./level-files.ts";
import { provisionStore } from "./provision.ts";

/** A provisioned home in a temporary folder, for tests and benches; the set-up makes the same for a site. */
export async function makeTestHome(config: object = {}): Promise<{ readonly root: string; remove(): void }> {
  const root = mkdtempSync(path.join(tmpdir(), "intramuros-home-"));
  for (const folder of ["keys", "telephony", "recordings", "models", "run"]) {
    mkdirSync(path.join(root, folder), { mode: 0o700 });
  }
  writeFileSync(masterKeyPath(root), `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  writeFileSync(path.join(root, "keys", "sip-control.secret"), `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
  writeFileSync(
    auditKeyPath(root),
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    { mode: 0o600 },
  );
  writeFileSync(path.join(root, "config.json"), JSON.stringify(config));
  await provisionStore(root);
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
