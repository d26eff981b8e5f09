import { BlockList, isIP, isIPv4 } from "node:net";
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
  const lists = trunks.map((trunk) => ({
    peer: { kind: "trunk" as const, id: trunk.id, name: trunk.name },
    has: addressList([
      ...trunk.addresses,
      ...trunk.peers.map(({ host }) => host),
      ...used.filter(({ trunkId }) => trunkId === trunk.id).map(({ address }) => hostOf(address)),
    ]),
  }));
  const registered = contacts.flatMap(({ phoneId, contact }) => {
    const phone = phones.find(({ id }) => id === phoneId);
    return phone === undefined ? [] : [{ contact, peer: { kind: "phone" as const, id: phone.id, name: phone.name } }];
  });
  return (address, port) => {
    // A phone's own place is more exact than the network of a trunk.
    const host = address.includes(":") ? `[${address}]` : address;
    const phone = registered.find(({ contact }) => contact.includes(`${host}:${port}`));
    return phone?.peer ?? lists.find(({ has }) => has(address))?.peer ?? NOBODY;
  };
}

function addressList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", prefix] = entry
      .trim()
      .replace(/^\[|\]$/g, "")
      .split("/");
    const family = isIP(address);
    if (family === 0) continue; // a name: telephony knows its addresses, we do not ask for them
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    if (Number.isInteger(bits) && bits >= 0 && bits <= (family === 4 ? 32 : 128)) {
      list.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
    }
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}
