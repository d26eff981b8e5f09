import { assert } from "@intramuros/contracts";
import type { StoreWrite } from "./store.ts";

export const TABLE_MAX = 60;
export const KEY_MAX = 200;
export const OWNER_MAX_BYTES = 200;
/** 16 MiB: a record is a record, files lie beside the store. */
export const VALUE_MAX_BYTES = 16_777_216;

const TABLE = /^[A-Za-z0-9-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const CONTROL = /[\u0000-\u001f\u007f]/;

/** A write that breaks these rules is a bug of the room that made it. Returns the value as it will be kept; null deletes. */
export function checkWrite(write: StoreWrite): string | null {
  assert(TABLE.test(write.table) && write.table.length <= TABLE_MAX, "table: letters, digits and -, at most 60");
  assert(
    write.key.length > 0 && write.key.length <= KEY_MAX && !CONTROL.test(write.key) && write.key.isWellFormed(),
    "key: 1 to 200 characters without control characters",
  );
  if (write.owner !== undefined) {
    const bytes = Buffer.byteLength(write.owner);
    assert(bytes > 0 && bytes <= OWNER_MAX_BYTES && !CONTROL.test(write.owner), "owner: 1 to 200 bytes");
  }
  if (write.value === undefined) return null;
  const json = JSON.stringify(write.value);
  assert(json !== undefined, "value: JSON");
  assert(json.length <= VALUE_MAX_BYTES, "value: at most 16 MiB");
  return json;
}
