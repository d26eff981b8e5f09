import type { Calendar, Flow, NumberEntry, PhoneInput, Queue, SetupInit, TrunkInput } from "@intramuros/contracts";

/** What telephony works by, as it is kept: with passwords, which never leave over HTTP. */
export type StoredTrunk = TrunkInput & { readonly id: string };
export type StoredPhone = PhoneInput & { readonly id: string };

export interface SetupRecords {
  readonly trunks: readonly StoredTrunk[];
  readonly numbers: readonly NumberEntry[];
  readonly flows: readonly Flow[];
  readonly queues: readonly Queue[];
  readonly phones: readonly StoredPhone[];
  readonly calendars: readonly Calendar[];
}
export type SetupKind = keyof SetupRecords;
export type SetupItem<K extends SetupKind> = SetupRecords[K][number];

/**
 * The set-up as telephony gets it. A phone without a password is left out, also from its queues: nobody may register with an empty
 * one. Numbers are in the order in which telephony prefers them: a trunk's own before those of any trunk, then the more exact.
 */
export function buildSetup(records: SetupRecords, revision: number): SetupInit {
  const phones = records.phones.filter((phone) => phone.password !== "");
  const usable = new Set(phones.map((phone) => phone.id));
  return {
    revision,
    trunks: records.trunks.map(({ id, ...form }) => ({ id, formJson: JSON.stringify(form) })),
    calendars: records.calendars.map(({ id, ...form }) => ({ id, formJson: JSON.stringify(form) })),
    numbers: records.numbers.toSorted(byExactness).map(({ note: _, ...entry }) => entry),
    flows: records.flows.map((flow) => ({ ...flow, menu: flow.menu.map((item) => ({ ...item })) })),
    queues: records.queues.map((queue) => ({ ...queue, phoneIds: queue.phoneIds.filter((id) => usable.has(id)) })),
    phones: phones.map((phone) => ({ ...phone })),
  };
}

/** A trunk's own before any trunk's; within each a whole number before a prefix, a longer prefix before a shorter one, `*` last. */
function byExactness(a: NumberEntry, b: NumberEntry): number {
  const rank = (entry: NumberEntry): number =>
    (entry.pattern.endsWith("*") ? entry.pattern.length - 1 : 1_000 + entry.pattern.length) +
    (entry.trunkId === "" ? 0 : 10_000);
  return rank(b) - rank(a) || (a.pattern < b.pattern ? -1 : a.pattern > b.pattern ? 1 : 0);
}

/** A pattern as telephony compares it: a leading plus makes no difference, nor do separators. */
export const comparablePattern = (pattern: string): string => pattern.replace(/[\s().-]/g, "").replace(/^\+/, "");

/** The flow that holds after a key of its menu: a language item leads to another flow. */
export function flowAfterDigit(flows: readonly Flow[], flowId: string, digit: string): string {
  const item = menuItem(flows, flowId, digit);
  return item?.action === "language" && flows.some((flow) => flow.id === item.flowId) ? item.flowId : flowId;
}

export const menuItem = (flows: readonly Flow[], flowId: string, digit: string): Flow["menu"][number] | undefined =>
  flows.find((flow) => flow.id === flowId)?.menu.find((item) => item.digit === digit);
