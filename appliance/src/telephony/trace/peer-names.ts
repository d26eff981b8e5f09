import { parseCidr } from "../cidr.ts";
import type { SetupRecords } from "../setup.ts";
import { hostOf } from "./wire.ts";

export interface Peer {
  readonly kind: "trunk" | "phone" | "unknown";
  /** Of the trunk or the phone; empty for nobody we know. */
  readonly id: string;
  readonly name: string;
}
const NOBODY: Peer = { kind: "unknown", id: "", name: "" };

/**
 * Who stands behind an address: by the trunk's addresses and peers, or by the contact that a phone registered. `used` are the addresses
 * that telephony found for peers given by name.
 */
export function peerNames(
  { trunks, phones }: Pick<SetupRecords, "trunks" | "phones">,
  contacts: readonly { readonly phoneId: string; readonly contact: string }[],
  used: readonly { readonly trunkId: string; readonly address: string }[] = [],
): (address: string, port: number) => Peer {
  // Networks may lie within each other: the narrowest that holds an address says whose it is, as telephony sees it.
  const networks = trunks
    .flatMap((trunk) => {
      const peer = { kind: "trunk" as const, id: trunk.id, name: trunk.name };
      const own = used.filter(({ trunkId }) => trunkId === trunk.id).map(({ address }) => hostOf(address));
      const entries = [...trunk.addresses, ...trunk.peers.map(({ host }) => host), ...own];
      return entries.flatMap((entry) => {
        const cidr = parseCidr(entry.replace(/^\[|\]$/g, ""));
        return cidr === null ? [] : [{ peer, ...cidr }]; // a name: telephony knows its addresses, we do not ask for them
      });
    })
    .sort((a, b) => b.prefix - a.prefix);
  const trunkAt = (address: string): Peer | undefined => {
    const at = parseCidr(address);
    if (at === null || address.includes("/")) return undefined;
    return networks.find((network) => {
      const shift = BigInt((network.family === 4 ? 32 : 128) - network.prefix);
      return network.family === at.family && network.bits >> shift === at.bits >> shift;
    })?.peer;
  };
  const registered = contacts.flatMap(({ phoneId, contact }) => {
    const phone = phones.find(({ id }) => id === phoneId);
    return phone === undefined ? [] : [{ contact, peer: { kind: "phone" as const, id: phone.id, name: phone.name } }];
  });
  return (address, port) => {
    // A phone's own place is more exact than the network of a trunk.
    const host = address.includes(":") ? `[${address}]` : address;
    const phone = registered.find(({ contact }) => contact.includes(`${host}:${port}`));
    return phone?.peer ?? trunkAt(address) ?? NOBODY;
  };
}
