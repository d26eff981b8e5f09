import {
  type CalendarInput,
  CalendarInputSchema,
  type CommandMessage,
  type SetupInit,
  type TrunkInput,
  TrunkInputSchema,
} from "@intramuros/contracts";
import { Value } from "typebox/value";

/** `Setup` as it comes over the wire, its forms unread. */
export type WireSetup = NonNullable<CommandMessage["setup"]>;
/** What the appliance gave us to work by: `Setup` of telephony.proto with its forms read. */
export type SetupMessage = Omit<WireSetup, "trunks" | "calendars"> & {
  readonly trunks: readonly TrunkMessage[];
  readonly calendars: readonly CalendarMessage[];
};
export type TrunkMessage = TrunkInput & { readonly id: string };
export type CalendarMessage = CalendarInput & { readonly id: string };
export type NumberMessage = SetupMessage["numbers"][number];
export type FlowMessage = SetupMessage["flows"][number];
export type QueueMessage = SetupMessage["queues"][number];
export type PhoneMessage = SetupMessage["phones"][number];
export type MenuItemMessage = FlowMessage["menu"][number];
export type { SetupInit };

/** Reads the forms of a set-up; what is wrong as one sentence. */
export function readSetup(wire: WireSetup): SetupMessage | { readonly problem: string } {
  const trunks: TrunkMessage[] = [];
  const calendars: CalendarMessage[] = [];
  for (const { id, formJson } of wire.trunks) {
    const form = formOf(formJson);
    const whole = Value.Default(TrunkInputSchema, form);
    if (!Value.Check(TrunkInputSchema, whole)) return { problem: `the form of trunk ${id} cannot be read` };
    trunks.push({ ...whole, id });
  }
  for (const { id, formJson } of wire.calendars) {
    const whole = Value.Default(CalendarInputSchema, formOf(formJson));
    if (!Value.Check(CalendarInputSchema, whole)) return { problem: `the form of calendar ${id} cannot be read` };
    calendars.push({ ...whole, id });
  }
  const setup = { ...wire, trunks, calendars };
  const problem = setupProblem(setup);
  return problem === null ? setup : { problem };
}

function formOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** Bounds of one set-up: it comes from our own appliance, but a fault there must not fill our memory. */
export const SETUP_LIMITS = {
  trunks: 1000,
  numbers: 20_000,
  flows: 1000,
  queues: 1000,
  phones: 20_000,
  calendars: 1000,
} as const;

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
