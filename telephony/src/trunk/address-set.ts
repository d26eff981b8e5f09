import { BlockList, isIPv4, isIPv6 } from "node:net";

/** A set of addresses and CIDR networks. */
export interface AddressSet {
  /** Entries that are neither an address nor a network; they match nothing. */
  readonly unusable: readonly string[];
  has(address: string): boolean;
  /** How much of the address is named: the bits of the narrowest network that holds it, 128 for the address itself; 0: not in the set. */
  exactness(address: string): number;
}
const EXACT = 128;

export function addressSet(entries: readonly string[]): AddressSet {
  const list = new BlockList();
  const networks: { readonly list: BlockList; readonly exactness: number }[] = [];
  const unusable: string[] = [];
  for (const entry of entries) {
    const own = new BlockList();
    const exactness = add(own, entry.trim());
    if (exactness === null) unusable.push(entry);
    else {
      add(list, entry.trim());
      networks.push({ list: own, exactness });
    }
  }
  return {
    unusable,
    has: (address) => holds(list, address),
    exactness: (address) =>
      holds(list, address)
        ? Math.max(...networks.map((network) => (holds(network.list, address) ? network.exactness : 0)))
        : 0,
  };
}

function holds(list: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  if (isIPv4(plain)) return list.check(plain, "ipv4");
  return isIPv6(plain) && list.check(plain, "ipv6");
}

/** Without brackets, zone and the IPv6 dress of an IPv4 address. */
export function plainAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  return bare.toLowerCase().startsWith("::ffff:") && bare.includes(".") ? bare.slice("::ffff:".length) : bare;
}

export const isLoopback = (address: string): boolean => loopback.has(address);
const loopback = addressSet(["127.0.0.0/8", "::1"]);

/** The bits that the entry names, counted as of an IPv6 address; null: it is no address or network. */
function add(list: BlockList, entry: string): number | null {
  const match = /^([0-9a-fA-F.:]+)(?:\/([0-9]{1,3}))?$/.exec(entry);
  if (match === null) return null;
  const address = match[1]!;
  const family = isIPv4(address) ? "ipv4" : isIPv6(address) ? "ipv6" : null;
  if (family === null) return null;
  if (match[2] === undefined) {
    list.addAddress(address, family);
    return EXACT;
  }
  const prefix = Number(match[2]);
  if (prefix > (family === "ipv4" ? 32 : 128)) return null;
  list.addSubnet(address, prefix, family);
  return family === "ipv4" ? prefix + 96 : Math.max(1, prefix);
}
