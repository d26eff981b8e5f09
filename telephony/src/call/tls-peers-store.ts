import * as fs from "node:fs";
import path from "node:path";
import type { Logger } from "@intramuros/contracts";
import type { TrunkMessage } from "../trunk/set-up.ts";
import { tlsPeersOf } from "../trunk/tls-peers.ts";

/** Tells the SIP server whom to believe on TLS towards the peers of trunks; it reads the file when it changes. */
export function createTlsPeersStore(file: string, log: Logger): { write(trunks: readonly TrunkMessage[]): void } {
  let written = "";
  return {
    write(trunks) {
      const text = JSON.stringify(tlsPeersOf(trunks));
      if (text === written) return;
      try {
        fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
        fs.writeFileSync(`${file}.new`, text, { mode: 0o600 });
        fs.renameSync(`${file}.new`, file);
        written = text;
      } catch (error) {
        log.error({ err: error }, "the TLS options of the trunks' peers could not be written for the SIP server");
      }
    },
  };
}
