import { createHash } from "node:crypto";
import { openDb } from "../src/storage/level-store.ts";

/** Prints one hash over everything in a database; a process of its own, because damaged files can end it. `read-all.ts FOLDER`. */
const db = openDb(process.argv[2] ?? "", false);
await db.open();
const hash = createHash("sha256");
for await (const [key, value] of db.iterator()) hash.update(key).update(value);
await db.close();
process.stdout.write(hash.digest("hex"));
