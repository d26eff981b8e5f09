import type { Calendar, Flow, NumberEntry, Queue } from "@intramuros/contracts";
import { checkCalendar } from "./calendar-check.ts";
import {
  comparablePattern,
  type SetupItem,
  type SetupKind,
  type SetupRecords,
  type StoredPhone,
  type StoredTrunk,
} from "./setup.ts";
import { duplicate, fault, missing, others, type SetupFault } from "./setup-fault.ts";
import { checkTrunk } from "./trunk-check.ts";

/** Checks one record against all the others (without its own former self). Null: nothing is wrong. */
export function checkItem<K extends SetupKind>(records: SetupRecords, kind: K, item: SetupItem<K>): SetupFault | null {
  switch (kind) {
    case "trunks":
      return checkTrunk(records, item as StoredTrunk);
    case "numbers":
      return checkNumber(records, item as NumberEntry);
    case "flows":
      return checkFlow(records, item as Flow);
    case "queues":
      return checkQueue(records, item as Queue);
    case "calendars":
      return checkCalendar(records, item as Calendar);
    default:
      return checkPhone(records, item as StoredPhone);
  }
}

function checkNumber(records: SetupRecords, number: NumberEntry): SetupFault | null {
  if (!records.flows.some((flow) => flow.id === number.flowId)) return missing("flowId", "flow");
  if (number.trunkId !== "" && !records.trunks.some((trunk) => trunk.id === number.trunkId)) {
    return missing("trunkId", "trunk");
  }
  const hours = checkNumberHours(records, number);
  if (hours !== null) return hours;
  // A prefix beside a longer one or a whole number is no overlap: the more exact one wins. The same pattern twice is.
  const clash = others(records.numbers, number.id).find(
    (other) =>
      comparablePattern(other.pattern) === comparablePattern(number.pattern) && other.trunkId === number.trunkId,
  );
  if (clash === undefined) return null;
  return fault(
    "pattern",
    "pattern-taken",
    `"${number.pattern}" is mapped already for this trunk`,
    "change the entry that is there, or choose another trunk or number",
  );
}

/** Outside of its opening hours a number needs somewhere else to lead. */
function checkNumberHours(records: SetupRecords, { calendarId, closedFlowId }: NumberEntry): SetupFault | null {
  if (calendarId !== "" && !records.calendars.some((calendar) => calendar.id === calendarId)) {
    return missing("calendarId", "calendar");
  }
  if (closedFlowId !== "" && !records.flows.some((flow) => flow.id === closedFlowId)) {
    return missing("closedFlowId", "flow");
  }
  if (calendarId === "" || closedFlowId !== "") return null;
  return fault(
    "closedFlowId",
    "closed-flow-missing",
    "outside of the opening hours the number leads nowhere",
    "choose the flow that answers then",
  );
}

function checkFlow(records: SetupRecords, flow: Flow): SetupFault | null {
  if (others(records.flows, flow.id).some((other) => other.name === flow.name)) return duplicate("name", flow.name);
  if (flow.queueId !== "" && !records.queues.some((queue) => queue.id === flow.queueId)) {
    return missing("queueId", "queue");
  }
  if (flow.greeting.trim() === "") {
    return fault("greeting", "greeting-missing", "the greeting is empty", "say who answers, and that it is an AI");
  }
  const seen = new Set<string>();
  for (const [index, item] of flow.menu.entries()) {
    const field = (name: string): string => `menu.${index}.${name}`;
    if (seen.has(item.digit))
      return fault(field("digit"), "duplicate", `key ${item.digit} is used twice`, "use each key once");
    seen.add(item.digit);
    if (item.action === "say" && item.text.trim() === "") {
      return fault(field("text"), "text-missing", `key ${item.digit} says nothing`, "write what is spoken");
    }
    if (
      item.action === "handoff" &&
      item.queueId !== "" &&
      !records.queues.some((queue) => queue.id === item.queueId)
    ) {
      return missing(field("queueId"), "queue");
    }
    if (item.action === "handoff" && item.queueId === "" && flow.queueId === "") {
      return fault(
        field("queueId"),
        "queue-missing",
        `key ${item.digit} asks for a person, but no queue is named`,
        "choose a queue for the key or for the flow",
      );
    }
    if (
      item.action === "language" &&
      item.flowId !== flow.id &&
      !records.flows.some((other) => other.id === item.flowId)
    ) {
      return missing(field("flowId"), "flow");
    }
  }
  return null;
}

function checkQueue(records: SetupRecords, queue: Queue): SetupFault | null {
  if (others(records.queues, queue.id).some((other) => other.name === queue.name)) return duplicate("name", queue.name);
  if (new Set(queue.phoneIds).size !== queue.phoneIds.length) {
    return fault("phoneIds", "duplicate", "a phone is in the queue twice", "name each phone once");
  }
  const known = new Set(records.phones.map((phone) => phone.id));
  const stranger = queue.phoneIds.find((id) => !known.has(id));
  if (stranger !== undefined) return missing(`phoneIds.${queue.phoneIds.indexOf(stranger)}`, "phone");
  for (const [index, { trunkId, number }] of queue.outside.entries()) {
    if (!records.trunks.some((trunk) => trunk.id === trunkId)) return missing(`outside.${index}.trunkId`, "trunk");
    if (queue.outside.findIndex((other) => other.trunkId === trunkId && other.number === number) !== index) {
      return fault(`outside.${index}.number`, "duplicate", `${number} is in the queue twice`, "name each number once");
    }
  }
  return null;
}

function checkPhone(records: SetupRecords, phone: StoredPhone): SetupFault | null {
  const rest = others(records.phones, phone.id);
  if (rest.some((other) => other.username === phone.username)) return duplicate("username", phone.username);
  if (records.trunks.some((trunk) => trunk.username === phone.username)) return duplicate("username", phone.username);
  if (phone.password !== "" && phone.password.length < 8) {
    return fault(
      "password",
      "password-short",
      "the password has fewer than 8 characters",
      "phones are attacked by guessing: use 8 characters or more",
    );
  }
  return null;
}

/** What stands in the way of deleting: the names of everything that points at the record. */
export function usedBy(records: SetupRecords, kind: SetupKind, id: string): readonly string[] {
  switch (kind) {
    case "trunks":
      return [
        ...records.numbers.filter((number) => number.trunkId === id).map((number) => `number ${number.pattern}`),
        ...records.queues
          .filter((queue) => queue.outside.some((outside) => outside.trunkId === id))
          .map((queue) => `queue ${queue.name}`),
      ];
    case "flows":
      return [
        ...records.numbers
          .filter((number) => number.flowId === id || number.closedFlowId === id)
          .map((number) => `number ${number.pattern}`),
        ...records.flows
          .filter(
            (flow) => flow.id !== id && flow.menu.some((item) => item.action === "language" && item.flowId === id),
          )
          .map((flow) => `flow ${flow.name}`),
      ];
    case "queues":
      return records.flows
        .filter(
          (flow) => flow.queueId === id || flow.menu.some((item) => item.action === "handoff" && item.queueId === id),
        )
        .map((flow) => `flow ${flow.name}`);
    case "phones":
      return records.queues.filter((queue) => queue.phoneIds.includes(id)).map((queue) => `queue ${queue.name}`);
    case "calendars":
      return records.numbers.filter((number) => number.calendarId === id).map((number) => `number ${number.pattern}`);
    case "numbers":
      return [];
  }
}
