import type { TrunkPeer } from "@intramuros/contracts";

/** The order in which the peers of a trunk are tried: those that are up or unknown by priority and weight (RFC 2782), then those down. */
export interface PeerChoice {
  readonly index: number;
  readonly isDown: boolean;
}

/** `random` gives 0 ≤ x < 1. */
export function huntOrder(
  peers: readonly TrunkPeer[],
  isDown: (index: number) => boolean,
  random: () => number,
): readonly PeerChoice[] {
  const all = peers.map((peer, index) => ({ peer, index, isDown: isDown(index) }));
  const order = (list: typeof all): typeof all => {
    const priorities = [...new Set(list.map(({ peer }) => peer.priority))].toSorted((a, b) => a - b);
    return priorities.flatMap((priority) =>
      byWeight(
        list.filter(({ peer }) => peer.priority === priority),
        random,
      ),
    );
  };
  const ordered = [...order(all.filter((item) => !item.isDown)), ...order(all.filter((item) => item.isDown))];
  return ordered.map(({ index, isDown: down }) => ({ index, isDown: down }));
}

/** Draws without putting back; a weight of 0 is drawn only when no other is left. */
function byWeight<Item extends { readonly peer: TrunkPeer }>(given: readonly Item[], random: () => number): Item[] {
  const left = [...given];
  const drawn: Item[] = [];
  while (left.length > 0) {
    const sum = left.reduce((total, { peer }) => total + peer.weight, 0);
    let ticket = random() * sum;
    let at = left.findIndex(({ peer }) => {
      ticket -= peer.weight;
      return ticket < 0;
    });
    if (at === -1) at = 0;
    drawn.push(...left.splice(at, 1));
  }
  return drawn;
}

/** What a final response means for the hunt. 600s are the callee's word for all of them (RFC 3261 §21.6), unless listed. */
export const huntsOn = (huntCodes: readonly number[], sipCode: number): boolean => huntCodes.includes(sipCode);
