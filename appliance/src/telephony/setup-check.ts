import { isIP } from "node:net";
import type { Calendar, Flow, NumberEntry, Queue } from "@intramuros/contracts";
import {
  comparablePattern,
  type SetupItem,
  type SetupKind,
  type SetupRecords,
  type StoredPhone,
  type StoredTrunk,
} from "./setup.ts";

/** What is wrong with a change of the set-up, by the field that the form shows it at. */
export interface SetupFault {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

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

const others = <T extends { readonly id: string }>(list: readonly T[], id: string): readonly T[] =>
  list.filter((item) => item.id !== id);
const fault = (field: string, code: string, message: string, hint: string): SetupFault => ({
  field,
  code,
  message,
  hint,
});

function checkTrunk(records: SetupRecords, trunk: StoredTrunk): SetupFault | null {
  const rest = others(records.trunks, trunk.id);
  if (rest.some((other) => other.name === trunk.name)) return duplicate("name", trunk.name);
  if (new Set(trunk.codecs).size !== trunk.codecs.length) {
    return fault("codecs", "duplicate", "a codec is named twice", "name each codec once, the preferred one first");
  }
  if (trunk.mode === "peer" && trunk.addresses.length === 0 && trunk.peers.length === 0 && trunk.username === "") {
    return fault(
      "addresses",
      "trunk-unidentified",
      "the trunk has neither an address nor a user name",
      "give the address of the PBX, or a user name and password for digest authentication",
    );
  }
  for (const [index, text] of trunk.addresses.entries()) {
    const range = parseCidr(text);
    const field = `addresses.${index}`;
    if (range === null) {
      return fault(
        field,
        "address-invalid",
        `"${text}" is neither an IP address nor a network`,
        "write an address such as 192.0.2.10 or 2001:db8::10, or a network such as 192.0.2.0/24",
      );
    }
    if (range.prefix === 0) {
      return fault(
        field,
        "address-too-wide",
        "this network holds every address",
        "name the PBX, or use digest authentication",
      );
    }
    for (const other of rest) {
      const same = other.addresses.find((known) => sameRange(parseCidr(known), range));
      if (same !== undefined) {
        return fault(
          field,
          "address-taken",
          `${text} belongs to the trunk "${other.name}" already`,
          "a source address leads to one trunk: remove it there first",
        );
      }
    }
  }
  if (trunk.username !== "" && trunk.password === "" && trunk.addresses.length === 0) {
    return fault("password", "password-missing", "digest authentication needs a password", "set a password");
  }
  if (trunk.username !== "" && rest.some((other) => other.username === trunk.username)) {
    return duplicate("username", trunk.username);
  }
  if (trunk.username !== "" && records.phones.some((phone) => phone.username === trunk.username)) {
    return duplicate("username", trunk.username);
  }
  return null;
}

function checkNumber(records: SetupRecords, number: NumberEntry): SetupFault | null {
  if (!records.flows.some((flow) => flow.id === number.flowId)) return missing("flowId", "flow");
  if (number.trunkId !== "" && !records.trunks.some((trunk) => trunk.id === number.trunkId)) {
    return missing("trunkId", "trunk");
  }
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
  return stranger === undefined ? null : missing(`phoneIds.${queue.phoneIds.indexOf(stranger)}`, "phone");
}

function checkCalendar(records: SetupRecords, calendar: Calendar): SetupFault | null {
  if (others(records.calendars, calendar.id).some((other) => other.name === calendar.name)) {
    return duplicate("name", calendar.name);
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

const duplicate = (field: string, value: string): SetupFault =>
  fault(field, "duplicate", `"${value}" is taken`, "choose another one");
const missing = (field: string, what: string): SetupFault =>
  fault(field, `${what}-unknown`, `this ${what} does not exist`, `create the ${what} first, or choose another one`);

/** What stands in the way of deleting: the names of everything that points at the record. */
export function usedBy(records: SetupRecords, kind: SetupKind, id: string): readonly string[] {
  switch (kind) {
    case "trunks":
      return records.numbers.filter((number) => number.trunkId === id).map((number) => `number ${number.pattern}`);
    case "flows":
      return [
        ...records.numbers.filter((number) => number.flowId === id).map((number) => `number ${number.pattern}`),
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

export interface Cidr {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

/** An address or a network; host bits are cut off. Null when it is neither. */
export function parseCidr(text: string): Cidr | null {
  const [address = "", prefixText, ...rest] = text.trim().split("/");
  const family = isIP(address);
  if (rest.length > 0 || (family !== 4 && family !== 6) || address.includes("%")) return null;
  const width = family === 4 ? 32 : 128;
  if (prefixText !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(prefixText)) return null;
  const prefix = prefixText === undefined ? width : Number(prefixText);
  if (prefix > width) return null;
  const shift = BigInt(width - prefix);
  const value = family === 4 ? bitsOf4(address) : bitsOf6(address);
  return { family, prefix, bits: (value >> shift) << shift };
}

const bitsOf4 = (address: string): bigint => address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);

function bitsOf6(address: string): bigint {
  const dotted = /^(.*:)([0-9.]+\.[0-9.]+)$/.exec(address);
  const plain = dotted === null ? address : `${dotted[1]}${hexPair(bitsOf4(dotted[2] ?? ""))}`;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
const hexPair = (bits: bigint): string => `${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;

const sameRange = (a: Cidr | null, b: Cidr): boolean =>
  a !== null && a.family === b.family && a.bits === b.bits && a.prefix === b.prefix;
