import type { Binding } from "../trunk/registrar.ts";
import type { SetupMessage } from "../trunk/set-up.ts";
import type { RingTarget } from "./agent-legs-driver.ts";
import type { RingableQueue } from "./call-machine.ts";
import type { Trunks } from "./trunks-driver.ts";

/** Whom a queue of the set-up can ring at this moment: registered phones, and numbers behind trunks that are enabled. */
interface Reach {
  readonly contactsOf: (phoneId: string) => readonly Binding[];
  readonly trunks: Trunks;
}

/** The queue asked for, else the flow's own; null: the set-up has neither. */
export function ringableQueue(
  { contactsOf, trunks }: Reach,
  { queues }: SetupMessage,
  wish: { readonly queueId: string; readonly otherwise: string },
): RingableQueue | null {
  const queue = queues.find((item) => item.id === wish.queueId) ?? queues.find((item) => item.id === wish.otherwise);
  if (queue === undefined) return null;
  const phones = queue.phoneIds.filter((phoneId) => contactsOf(phoneId).length > 0).length;
  const registered = phones + queue.outside.filter(({ trunkId }) => trunks.trunk(trunkId) !== null).length;
  return { queueId: queue.id, ringSeconds: queue.ringSeconds, registered };
}

export function ringTargets(
  { contactsOf, trunks }: Reach,
  { queues }: SetupMessage,
  queueId: string,
): readonly RingTarget[] {
  const queue = queues.find((item) => item.id === queueId);
  const phones = (queue?.phoneIds ?? []).flatMap((phoneId) =>
    contactsOf(phoneId).map((binding): RingTarget => ({ type: "phone", binding })),
  );
  const outside = (queue?.outside ?? []).flatMap(({ trunkId, number }): readonly RingTarget[] => {
    const trunk = trunks.trunk(trunkId);
    return trunk === null ? [] : [{ type: "outside", trunk, number, ringMs: trunk.session.ringSeconds * 1000 }];
  });
  return [...phones, ...outside];
}
