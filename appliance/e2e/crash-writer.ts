import { writeSync } from "node:fs";
import { asId, type CustomerId } from "@intramuros/contracts";
import { openAuditLog } from "../src/audit/level-audit-store.ts";
import { openLevelStore } from "../src/storage/level-store.ts";
import { orderKey } from "../src/storage/store.ts";

/** Writes without end and prints each number once it is acknowledged; the test kills it. `crash-writer.ts store|audit HOME FIRST`. */
const [, , what, root = "", first = "0"] = process.argv;
let next = Number(first);
const acknowledged = (n: number): void => void writeSync(1, `${n}\n`);

if (what === "store") {
  const store = await openLevelStore({ root });
  const one = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      await store.write([
        {
          table: "crash",
          key: orderKey(n),
          value: { n, text: "x".repeat(n % 400) },
          owner: asId<CustomerId>(`c${n % 7}`),
        },
        { table: "last", key: String(n % 10), value: n },
      ]);
      acknowledged(n);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
} else {
  const log = await openAuditLog({ root, version: "crash" });
  const one = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      const index = await log.append({
        code: "test.crash",
        actor: "process:test",
        role: "process",
        source: "test",
        object: `number:${n}`,
        result: "success",
        reason: "",
        requestId: "",
        detail: { n },
      });
      writeSync(1, `${n} ${index}\n`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}
