import { type AddressSet, addressSet, plainAddress } from "./address-set.ts";
import { same } from "./digest.ts";
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

/** What is known of where trunks are, beside the addresses in their forms: it changes without the set-up. */
export interface Reach {
  /** Of a name among its peers, or of a PBX that registered with us. */
  readonly addressesOf: (trunkId: string) => ReadonlySet<string>;
  /** The secret in the contact that we registered; empty: we did not. */
  readonly lineOf: (trunkId: string) => string;
}
export const NO_REACH: Reach = { addressesOf: () => new Set(), lineOf: () => "" };

export interface Source {
  readonly address: string;
  /** User and `line` parameter of the Request-URI; empty: none. */
  readonly user: string;
  readonly line: string;
}

/** Who a request outside of dialogs may come from, before any password was seen. */
export type Identification =
  | { readonly type: "trunk"; readonly trunk: TrunkMessage }
  /** The address tells nothing, but there are accounts that it may hold the password of. */
  | { readonly type: "challenge" }
  | { readonly type: "unknown" };

/**
 * In this order: the contact that we registered, whoever uses it (its `line` is a secret between the PBX and us); the addresses of the
 * form; those of peers and registered PBXs. A narrower network goes before a wider one that holds it. Where one address brings several trunks, the user that we registered tells them apart.
 */
export function identify(directory: Directory, source: Source, reach: Reach): Identification {
  const { trunks } = directory;
  const address = plainAddress(source.address);
  const byLine = source.line === "" ? [] : trunks.filter(({ trunk }) => sameLine(reach.lineOf(trunk.id), source.line));
  const near = trunks.map((entry) => ({
    ...entry,
    listed: entry.addresses.exactness(address),
    reached: reach.addressesOf(entry.trunk.id).has(address) ? WHOLE_ADDRESS : 0,
  }));
  const narrowest = Math.max(0, ...near.map(({ listed, reached }) => Math.max(listed, reached)));
  const listed = near.filter((entry) => narrowest > 0 && entry.listed === narrowest);
  const reached = near.filter((entry) => narrowest > 0 && entry.reached === narrowest);
  for (const found of [byLine, listed, reached]) {
    const chosen = found.find(({ trunk }) => isContactOf(trunk, source.user)) ?? found[0];
    if (chosen !== undefined) return { type: "trunk", trunk: chosen.trunk };
  }
  return directory.accounts.size > 0 ? { type: "challenge" } : { type: "unknown" };
}

/** As `exactness` of an address set. */
const WHOLE_ADDRESS = 128;
const sameLine = (own: string, given: string): boolean => own !== "" && same(own, given);

/** Whether a Request-URI's user is what we registered as: the number that was dialled stands in To then. */
export const isContactOf = (trunk: TrunkMessage, user: string): boolean =>
  trunk.mode === "register" && user !== "" && user === (trunk.account.contactUser || trunk.account.username);
