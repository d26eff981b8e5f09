import { type AddressSet, addressSet } from "./address-set.ts";
import type { PhoneMessage, SetupMessage, TrunkMessage } from "./set-up.ts";

/** The set-up made ready for look-ups by source address and by user name. */
export interface Directory {
  readonly setup: SetupMessage;
  readonly trunks: readonly { readonly trunk: TrunkMessage; readonly addresses: AddressSet }[];
  readonly accounts: ReadonlyMap<string, Account>;
}

export type Account =
  | { readonly kind: "trunk"; readonly trunk: TrunkMessage }
  | { readonly kind: "phone"; readonly phone: PhoneMessage };

export function directoryOf(setup: SetupMessage): Directory {
  const enabled = setup.trunks.filter((trunk) => trunk.enabled);
  const accounts = new Map<string, Account>();
  for (const phone of setup.phones) {
    if (phone.username !== "" && phone.password !== "") accounts.set(phone.username, { kind: "phone", phone });
  }
  for (const trunk of enabled) {
    if (trunk.username !== "" && trunk.password !== "") accounts.set(trunk.username, { kind: "trunk", trunk });
  }
  return { setup, trunks: enabled.map((trunk) => ({ trunk, addresses: addressSet(trunk.addresses) })), accounts };
}

/** Who a request outside of dialogs may come from, before any password was seen. */
export type Identification =
  | { readonly type: "trunk"; readonly trunk: TrunkMessage }
  /** The address tells nothing, but there are accounts that it may hold the password of. */
  | { readonly type: "challenge" }
  | { readonly type: "unknown" };

export function identify(directory: Directory, sourceAddress: string): Identification {
  const found = directory.trunks.find((entry) => entry.addresses.has(sourceAddress));
  if (found !== undefined) return { type: "trunk", trunk: found.trunk };
  return directory.accounts.size > 0 ? { type: "challenge" } : { type: "unknown" };
}
