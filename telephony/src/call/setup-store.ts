import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import type { Logger } from "@intramuros/contracts";
import { deriveKey, IV_BYTES, seal, unseal } from "../sealed.ts";
import type { SetupMessage } from "../trunk/set-up.ts";

/** The set-up that telephony works by, kept so that calls are answered while the appliance is down. Passwords are sealed. */
export interface SetupStore {
  /** Null: none was ever received. */
  current(): SetupMessage | null;
  replace(setup: SetupMessage): void;
}

const FORMAT = 2;

export function openSetupStore(options: {
  readonly file: string;
  readonly masterKeyHex: string;
  readonly log: Logger;
}): SetupStore {
  const key = deriveKey(options.masterKeyHex, "telephony set-up");
  const close = (password: string, account: string): string =>
    password === "" ? "" : seal(key, randomBytes(IV_BYTES), Buffer.from(password), account).toString("base64");
  const open = (sealed: string, account: string): string => {
    if (sealed === "") return "";
    const plain = unseal(key, Buffer.from(sealed, "base64"), account);
    if (plain === null) options.log.warn({ account }, "a password in the kept set-up cannot be read; it is empty now");
    return plain?.toString() ?? "";
  };
  let setup = load();

  function load(): SetupMessage | null {
    if (!fs.existsSync(options.file)) return null;
    try {
      const kept = JSON.parse(fs.readFileSync(options.file, "utf8")) as { format: number; setup: SetupMessage };
      if (kept.format !== FORMAT) return null;
      return passwords(kept.setup, open);
    } catch (error) {
      options.log.error({ err: error }, "the kept set-up cannot be read; waiting for the appliance");
      return null;
    }
  }

  return {
    current: () => setup,
    replace(next) {
      setup = next;
      fs.mkdirSync(path.dirname(options.file), { recursive: true, mode: 0o700 });
      const temporary = `${options.file}.new`;
      const fd = fs.openSync(temporary, "w", 0o600);
      try {
        fs.writeSync(fd, JSON.stringify({ format: FORMAT, setup: passwords(next, close) }));
        fs.fsyncSync(fd);
      } finally {
        fs.closeSync(fd);
      }
      fs.renameSync(temporary, options.file);
    },
  };
}

function passwords(setup: SetupMessage, change: (password: string, account: string) => string): SetupMessage {
  return {
    ...setup,
    trunks: setup.trunks.map((trunk) => ({
      ...trunk,
      password: change(trunk.password, `trunk ${trunk.id}`),
      account: { ...trunk.account, password: change(trunk.account.password, `account of trunk ${trunk.id}`) },
    })),
    phones: setup.phones.map((phone) => ({ ...phone, password: change(phone.password, `phone ${phone.id}`) })),
  };
}
