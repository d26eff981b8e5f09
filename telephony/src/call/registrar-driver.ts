import * as fs from "node:fs";
import path from "node:path";
import type { Logger } from "@intramuros/contracts";
import type { Account } from "../trunk/identify.ts";
import {
  type Binding,
  contactsOf,
  grantedSeconds,
  isTooBrief,
  NO_REGISTRATIONS,
  REGISTRAR,
  type RegistrarInput,
  type RegistrarStep,
  type Registrations,
  step,
} from "../trunk/registrar.ts";
import type { SetupMessage } from "../trunk/set-up.ts";
import type { Accounts } from "./accounts-driver.ts";
import type { EventBody } from "./event-log-store.ts";
import { contactsOfHeader, hostOf } from "./sip-fields.ts";
import type { SipRequest, SipResponse } from "./sip-types.ts";

/** Answers REGISTER and keeps where phones and registering PBXs are, over a restart as well. */
export interface RegistrarDriver {
  register(request: SipRequest, response: SipResponse): void;
  contactsOf(phoneId: string): readonly Binding[];
  trunkContactsOf(trunkId: string): readonly Binding[];
  keep(setup: SetupMessage): void;
  phones(): readonly { readonly phoneId: string; readonly contact: string }[];
  close(): void;
}

export function openRegistrar(options: {
  readonly file: string;
  readonly trunkFile: string;
  readonly accounts: Accounts;
  readonly log: Logger;
  readonly emit: (body: EventBody) => void;
  readonly onTrunk: (trunkId: string) => void;
}): RegistrarDriver {
  const { accounts, log, emit, onTrunk } = options;
  const phones = openBindings(options.file, log, ({ accountId, registered, contact }) =>
    emit({ phoneState: { phoneId: accountId, registered, contact } }),
  );
  const trunks = openBindings(options.trunkFile, log, ({ accountId }) => onTrunk(accountId));

  const booked = (account: Account): { readonly book: Bindings; readonly accountId: string } | null => {
    if (account.kind === "phone") return { book: phones, accountId: account.phone.id };
    return account.trunk.mode === "registrar" ? { book: trunks, accountId: account.trunk.id } : null;
  };

  return {
    register(request, response) {
      const account = accounts.authenticate(request, response);
      if (account === null) return;
      const booking = account === "refused" ? null : booked(account);
      if (booking === null) return response.send(403);
      const { book, accountId } = booking;
      const contacts = contactsOfHeader(request.get("contact"), request.get("expires"));
      if (contacts.some((contact) => isTooBrief(contact.expiresSeconds))) {
        return response.send(423, { headers: { "Min-Expires": String(REGISTRAR.minExpiresSeconds) } });
      }
      const made = book.take({
        type: "register",
        accountId,
        contacts,
        source: {
          address: request.source_address,
          port: request.source_port,
          protocol: request.protocol,
          localAddress: hostOf(request.receivedOn ?? ""),
        },
        callId: request.get("call-id") ?? "",
        cseq: Number.parseInt(request.get("cseq") ?? "0", 10),
      });
      if (made.refused !== null) return response.send(made.refused === "too-many-contacts" ? 403 : 400);
      const now = Date.now();
      const list = book
        .contactsOf(accountId)
        .map((binding) => `<${binding.contact}>;expires=${Math.max(1, Math.round((binding.expiresAt - now) / 1000))}`);
      const granted = grantedSeconds(contacts[0]?.expiresSeconds ?? 0);
      const headers: Record<string, string> = { Expires: String(granted) };
      if (list.length > 0) headers.Contact = list.join(", ");
      response.send(200, { headers });
    },
    contactsOf: phones.contactsOf,
    trunkContactsOf: trunks.contactsOf,
    keep(setup) {
      phones.take({ type: "keep", accountIds: new Set(setup.phones.map((phone) => phone.id)) });
      const registering = setup.trunks.filter((trunk) => trunk.enabled && trunk.mode === "registrar");
      trunks.take({ type: "keep", accountIds: new Set(registering.map((trunk) => trunk.id)) });
    },
    phones: () =>
      [...new Map(phones.alive().map((binding) => [binding.accountId, binding.contact]))].map(([phoneId, contact]) => ({
        phoneId,
        contact,
      })),
    close() {
      phones.close();
      trunks.close();
    },
  };
}

interface Bindings {
  take(input: RegistrarInput): RegistrarStep;
  contactsOf(accountId: string): readonly Binding[];
  /** The one that came first is last. */
  alive(): readonly Binding[];
  close(): void;
}

const SAVE_MS = 500;

/** One book of registrations with its file and its timer. */
function openBindings(file: string, log: Logger, tell: (output: RegistrarStep["outputs"][number]) => void): Bindings {
  let state: Registrations = load(file);
  let wakeTimer: NodeJS.Timeout | null = null;
  let saveTimer: NodeJS.Timeout | null = null;

  const save = (): void => {
    saveTimer = null;
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      fs.writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
      fs.renameSync(`${file}.new`, file);
    } catch (error) {
      log.warn({ err: error }, "the registrations could not be kept");
    }
  };
  const take = (input: RegistrarInput): RegistrarStep => {
    const made = step(state, input, Date.now());
    if (made.state !== state) saveTimer ??= setTimeout(save, SAVE_MS);
    state = made.state;
    for (const output of made.outputs) tell(output);
    if (wakeTimer !== null) clearTimeout(wakeTimer);
    wakeTimer = made.wakeAt === null ? null : setTimeout(() => take({ type: "wake" }), made.wakeAt - Date.now() + 5);
    return made;
  };
  take({ type: "wake" });

  return {
    take,
    contactsOf: (accountId) => contactsOf(state, accountId, Date.now()),
    alive: () => state.bindings.filter((binding) => binding.expiresAt > Date.now()).toReversed(),
    close() {
      if (wakeTimer !== null) clearTimeout(wakeTimer);
      if (saveTimer !== null) {
        clearTimeout(saveTimer);
        save();
      }
    },
  };
}

function load(file: string): Registrations {
  try {
    const kept = JSON.parse(fs.readFileSync(file, "utf8")) as Registrations;
    const isOurs =
      Array.isArray(kept.bindings) && kept.bindings.every(({ accountId }) => typeof accountId === "string");
    return isOurs ? kept : NO_REGISTRATIONS;
  } catch {
    return NO_REGISTRATIONS; // none yet; they come again within minutes
  }
}
