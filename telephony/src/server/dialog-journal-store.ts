import { createHash } from "node:crypto";
import path from "node:path";
import type { Logger } from "@intramuros/contracts";
import { openJournal } from "../journal-store.ts";
import type { Core } from "./core/core.ts";

/** Established dialogs on disk, so that a killed server knows its calls again. Sealed by a key that the control secret gives. */
export interface DialogJournal {
  /** Values of `KeptDialog` that the process before this one left. */
  readonly found: readonly unknown[];
  /** Notes what the core has touched; written within milliseconds, many at once. */
  follow(): void;
  readonly bytes: number;
  close(): void;
}

export function openDialogJournal(options: {
  /** Folder of this process in the home; null: nothing is kept. */
  readonly folder: string | null;
  readonly secret: string;
  readonly log: Logger;
  readonly core: Core;
}): DialogJournal {
  const { folder, secret, log, core } = options;
  if (folder === null) return { found: [], follow: () => core.touched.clear(), bytes: 0, close: () => undefined };
  const journal = openJournal({
    file: path.join(folder, "dialogs.journal"),
    secretHex: createHash("sha256").update(secret).digest("hex"),
    purpose: "sip dialogs",
    log,
    current(id) {
      const dialog = core.dialog(id);
      return dialog === undefined ? null : core.kept(dialog);
    },
    keys: () => core.dialogIds(),
  });
  return {
    found: [...journal.found.values()],
    follow() {
      if (core.touched.size === 0) return;
      for (const { id } of core.touched) journal.touch(id);
      core.touched.clear();
    },
    get bytes() {
      return journal.bytes;
    },
    close: () => journal.close(),
  };
}
