import type { CommandMessage, SetupInit } from "@intramuros/contracts";

/** What the appliance gave us to work by; see `Setup` in telephony.proto. */
export type SetupMessage = NonNullable<CommandMessage["setup"]>;
export type TrunkMessage = SetupMessage["trunks"][number];
export type NumberMessage = SetupMessage["numbers"][number];
export type FlowMessage = SetupMessage["flows"][number];
export type QueueMessage = SetupMessage["queues"][number];
export type PhoneMessage = SetupMessage["phones"][number];
export type MenuItemMessage = FlowMessage["menu"][number];
export type { SetupInit };

/** Bounds of one set-up: it comes from our own appliance, but a fault there must not fill our memory. */
export const SETUP_LIMITS = { trunks: 1000, numbers: 20_000, flows: 1000, queues: 1000, phones: 20_000 } as const;

/** What is wrong with a set-up as one sentence; null when it can be worked by. */
export function setupProblem(setup: SetupMessage): string | null {
  for (const [name, limit] of Object.entries(SETUP_LIMITS)) {
    const list = setup[name as keyof typeof SETUP_LIMITS];
    if (list.length > limit) return `the set-up has ${list.length} ${name}; the limit is ${limit}`;
  }
  const flows = new Set(setup.flows.map((flow) => flow.id));
  const orphan = setup.numbers.find((number) => !flows.has(number.flowId));
  if (orphan !== undefined) return `number ${orphan.id} leads to a flow that the set-up does not have`;
  return null;
}

/** The flow whose prompts go with another language: one of the same queue if there is one; null: none, or no change is needed. */
export function flowIn(setup: SetupMessage, current: FlowMessage, language: string | null): FlowMessage | null {
  if (language === null || language === current.language) return null;
  const inLanguage = setup.flows.filter((flow) => flow.language === language);
  return inLanguage.find((flow) => flow.queueId === current.queueId) ?? inLanguage[0] ?? null;
}
