import { BlockList, isIPv4, isIPv6 } from "node:net";

/** A set of addresses and CIDR networks. */
export interface AddressSet {
  /** Entries that are neither an address nor a network; they match nothing. */
  readonly unusable: readonly string[];
  has(address: string): boolean;
}

export function addressSet(entries: readonly string[]): AddressSet {
  const list = new BlockList();
  const unusable: string[] = [];
  for (const entry of entries) if (!add(list, entry.trim())) unusable.push(entry);
  return {
    unusable,
    has(address) {
      const plain = plainAddress(address);
      if (isIPv4(plain)) return list.check(plain, "ipv4");
      return isIPv6(plain) && list.check(plain, "ipv6");
    },
  };
}

/** Without brackets, zone and the IPv6 dress of an IPv4 address. */
export function plainAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  return bare.toLowerCase().startsWith("::ffff:") && bare.includes(".") ? bare.slice("::ffff:".length) : bare;
}

export const isLoopback = (address: string): boolean => loopback.has(address);
const loopback = addressSet(["127.0.0.0/8", "::1"]);

function add(list: BlockList, entry: string): boolean {
  const match = /^([0-9a-fA-F.:]+)(?:\/([0-9]{1,3}))?$/.exec(entry);
  if (match === null) return false;
  const address = match[1]!;
  const family = isIPv4(address) ? "ipv4" : isIPv6(address) ? "ipv6" : null;
  if (family === null) return false;
  if (match[2] === undefined) {
    list.addAddress(address, family);
    return true;
  }
  const prefix = Number(match[2]);
  if (prefix > (family === "ipv4" ? 32 : 128)) return false;
  list.addSubnet(address, prefix, family);
  return true;
}
