import { BlockList, isIP, isIPv6 } from "node:net";
import type { External } from "../core/state.ts";

/** What `externalAddress` and `localNetworks` of the configuration mean; a text that is no network is left out and told in `faults`. */
export function externalOf(given: { readonly externalAddress: string; readonly localNetworks: readonly string[] }): {
  readonly external: External | null;
  readonly faults: readonly string[];
} {
  const address = given.externalAddress.replace(/^\[|\]$/g, "");
  if (address === "") return { external: null, faults: [] };
  // A name would be looked up by each peer as it likes; in Via and Contact only an address says where we are.
  if (isIP(address) === 0) return { external: null, faults: [given.externalAddress] };
  const faults: string[] = [];
  const networks = new BlockList();
  for (const text of given.localNetworks) {
    const [network = "", bits] = text.split("/");
    const family = isIP(network);
    const prefix = Number(bits ?? (family === 6 ? 128 : 32));
    if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 6 ? 128 : 32))
      faults.push(text);
    else networks.addSubnet(network, prefix, family === 6 ? "ipv6" : "ipv4");
  }
  const isLocal = (peer: string): boolean => networks.check(peer.split("%")[0] ?? "", isIPv6(peer) ? "ipv6" : "ipv4");
  return { external: { address, isLocal }, faults };
}
