import { spawnSync } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AppError, sipControlSecretPath } from "@intramuros/contracts";
import { repositoryRoot } from "./processes.ts";

/** Makes the home folder of a new installation: folders, keys, empty databases. Does nothing to what is there. */
export function provisionHome(home: string): void {
  try {
    for (const folder of ["", "keys", "telephony", "recordings", "models", "logs"])
      mkdirSync(path.join(home, folder), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError({
      code: "home-unwritable",
      message: `cannot create ${home}`,
      hint: "choose a folder that you may write with INTRAMUROS_HOME",
      cause,
    });
  }
  const keys = path.join(home, "keys");
  const fresh = !existsSync(path.join(keys, "master.key"));
  if (fresh && existsSync(path.join(home, "store"))) {
    throw new AppError({
      code: "master-key-missing",
      message: `${keys}/master.key is gone, but the records that it opens are there`,
      hint: "restore the key from your backup; a new one could not read anything",
    });
  }
  writeOnce(path.join(keys, "master.key"), () => randomBytes(32).toString("hex"));
  writeOnce(sipControlSecretPath(home), () => randomBytes(24).toString("hex"));
  writeOnce(path.join(keys, "audit-signing.key"), () =>
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  );
  // The appliance owns the databases and knows how to make them.
  const result = spawnSync(process.execPath, [path.join(repositoryRoot, "appliance/src/storage/provision.ts")], {
    env: { ...process.env, INTRAMUROS_HOME: home },
    encoding: "utf8",
    timeout: 60_000,
  });
  if (result.status !== 0) {
    throw new AppError({
      code: "store-not-provisioned",
      message: `the databases below ${home} could not be made: ${result.stderr.trim().split("\n").at(-1)}`,
      hint: "check the disk's space and rights",
    });
  }
}

function writeOnce(file: string, make: () => string): void {
  if (!existsSync(file)) writeFileSync(file, `${make()}\n`, { mode: 0o600, flag: "wx" });
}
