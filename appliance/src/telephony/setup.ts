import type { Flow, NumberEntry, PhoneInput, Queue, SetupInit, TrunkInput } from "@intramuros/contracts";

/** What telephony works by, as it is kept: with passwords, which never leave over HTTP. */
export type StoredTrunk = TrunkInput & { readonly id: string };
export type StoredPhone = PhoneInput & { readonly id: string };

export interface SetupRecords {
  readonly trunks: readonly StoredTrunk[];
  readonly numbers: readonly NumberEntry[];
  readonly flows: readonly Flow[];
  readonly queues: readonly Queue[];
  readonly phones: readonly StoredPhone[];
}
export type SetupKind = keyof SetupRecords;
export type SetupItem<K extends SetupKind> = SetupRecords[K][number];

/**
 * The set-up as telephony gets it. A phone without a password is left out, also from its queues: nobody may register with an empty
 * one. Numbers are ordered from the most to the least exact, so that the first that fits is right.
 */
export function buildSetup(records: SetupRecords, revision: number): SetupInit {
  const phones = records.phones.filter((phone) => phone.password !== "");
  const usable = new Set(phones.map((phone) => phone.id));
  return {
    revision,
    trunks: records.trunks.map((trunk) => ({ ...trunk })),
    numbers: records.numbers
      .toSorted(byExactness)
      .map(({ id, trunkId, pattern, flowId }) => ({ id, trunkId, pattern, flowId })),
    flows: records.flows.map((flow) => ({ ...flow, menu: flow.menu.map((item) => ({ ...item })) })),
    queues: records.queues.map((queue) => ({ ...queue, phoneIds: queue.phoneIds.filter((id) => usable.has(id)) })),
    phones: phones.map((phone) => ({ ...phone })),
  };
}

/** A whole number before a prefix, a longer prefix before a shorter one, one trunk's before any trunk's; `*` last. */
function byExactness(a: NumberEntry, b: NumberEntry): number {
  const rank = (entry: NumberEntry): number =>
    (entry.pattern.endsWith("*") ? entry.pattern.length - 1 : 1000 + entry.pattern.length) * 2 +
    (entry.trunkId === "" ? 0 : 1);
  return rank(b) - rank(a) || (a.pattern < b.pattern ? -1 : a.pattern > b.pattern ? 1 : 0);
}

/** The flow that holds after a key of its menu: a language item leads to another flow. */
export function flowAfterDigit(flows: readonly Flow[], flowId: string, digit: string): string {
  const item = menuItem(flows, flowId, digit);
  return item?.action === "language" && flows.some((flow) => flow.id === item.flowId) ? item.flowId : flowId;
}

export const menuItem = (flows: readonly Flow[], flowId: string, digit: string): Flow["menu"][number] | undefined =>
  flows.find((flow) => flow.id === flowId)?.menu.find((item) => item.digit === digit);
