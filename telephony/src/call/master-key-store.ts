import path from "node:path";
import { AppError, readSecret } from "@intramuros/contracts";

/** The installation's master key as hex, 32 bytes; keys of each purpose are derived from it. */
export function readMasterKey(root: string): string {
  const file = path.join(root, "keys", "master.key");
  const hex = readSecret(file);
  if (/^[0-9a-fA-F]{64}$/.test(hex)) return hex;
  throw new AppError({
    code: "master-key-invalid",
    message: `${file} does not hold 32 bytes in hexadecimal`,
    hint: "bring back the key of this installation from its backup; without it nothing that is sealed can be read",
  });
}
