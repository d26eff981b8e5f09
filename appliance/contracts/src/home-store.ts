import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Config, defaultConfig, parseConfig } from "./config.ts";
import { AppError } from "./faults.ts";

/**
 * The home folder (`INTRAMUROS_HOME`): everything of this installation that is not program.
 *
 *     config.json    the configuration (optional)
 *     keys/          secrets, 0700: master.key, audit-signing.key, sip-control.secret …
 *     store/         the records, sealed (owned by the appliance)
 *     audit/         the append-only log (owned by the appliance)
 *     sip/           established dialogs, and the latest messages on the wire, sealed (owned by the SIP server)
 *     telephony/     event log not yet acknowledged, last set-up, prompt cache (owned by telephony)
 *     recordings/    messages left by callers, sealed
 *     models/        packs
 *     run/           sockets, pid and tokens of the running processes, 0700
 *     logs/          one file a process
 */
export interface Home {
  readonly root: string;
  readonly config: Config;
}

export function homeRoot(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): string {
  return path.resolve(cwd, env.INTRAMUROS_HOME ?? "data");
}

/** Reads the configuration; throws `config-invalid` naming each field. */
export function openHome(root: string): Home {
  const file = path.join(root, "config.json");
  if (!existsSync(file)) return { root, config: defaultConfig() };
  const result = parseConfig(readFileSync(file, "utf8"));
  if (result.type === "ok") return { root, config: result.config };
  const list = result.faults.map((fault) => `${fault.field}: ${fault.problem}`).join("; ");
  throw new AppError({
    code: "config-invalid",
    message: `${file} is not valid: ${list}`,
    hint: "mend the fields named and start again",
  });
}

const SOCKET_PATH_LIMIT = 100; // sun_path holds 108 bytes on Linux

/** Folder of sockets and tokens, 0700. A home too deep for a socket's path gets one below the system's temporary folder. */
export function runFolder(root: string): string {
  const near = path.join(root, "run");
  const folder =
    near.length + "/telephony.sock".length <= SOCKET_PATH_LIMIT
      ? near
      : path.join(tmpdir(), `intramuros-${createHash("sha256").update(root).digest("hex").slice(0, 16)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** gRPC addresses of the three services: Unix sockets, so that the file system says who may dial. */
export const telephonyAddress = (root: string): string => `unix:${path.join(runFolder(root), "telephony.sock")}`;
export const sipAddress = (root: string): string => `unix:${path.join(runFolder(root), "sip.sock")}`;
export const inferenceAddress = (root: string): string => `unix:${path.join(runFolder(root), "inference.sock")}`;

/** Secret that telephony shows to the SIP server (drachtio `authenticate`). Made at set-up. */
export const sipControlSecretPath = (root: string): string => path.join(root, "keys", "sip-control.secret");
/** Bearer token for the command line on this machine; made anew at each start of the appliance, 0600. */
export const localTokenPath = (root: string): string => path.join(runFolder(root), "local.token");
/** First-boot code for the console, 0600; gone once the first administrator exists. */
export const setupCodePath = (root: string): string => path.join(runFolder(root), "setup.code");

/** Reads a secret made at set-up; throws `secret-missing`. */
export function readSecret(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new AppError({
      code: "secret-missing",
      message: `cannot read ${file}`,
      hint: "run `npm start` once: it makes the keys of a new installation",
      cause,
    });
  }
}
