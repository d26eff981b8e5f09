import * as fs from "node:fs";
import path from "node:path";
import type { Logger } from "@intramuros/contracts";
import {
  type Binding,
  contactsOf,
  grantedSeconds,
  NO_REGISTRATIONS,
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

/** Answers REGISTER and keeps where the phones are, over a restart as well. */
export interface RegistrarDriver {
  register(request: SipRequest, response: SipResponse): void;
  contactsOf(phoneId: string): readonly Binding[];
  keep(setup: SetupMessage): void;
  phones(): readonly { readonly phoneId: string; readonly contact: string }[];
  close(): void;
}

const SAVE_MS = 500;

export function openRegistrar(options: {
  readonly file: string;
  readonly accounts: Accounts;
  readonly log: Logger;
  readonly emit: (body: EventBody) => void;
}): RegistrarDriver {
  const { file, accounts, log, emit } = options;
  let state: Registrations = load();
  let wakeTimer: NodeJS.Timeout | null = null;
  let saveTimer: NodeJS.Timeout | null = null;

  function load(): Registrations {
    try {
      const kept = JSON.parse(fs.readFileSync(file, "utf8")) as Registrations;
      return Array.isArray(kept.bindings) ? kept : NO_REGISTRATIONS;
    } catch {
      return NO_REGISTRATIONS; // none yet; phones come again within minutes
    }
  }
  function save(): void {
    saveTimer = null;
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      fs.writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
      fs.renameSync(`${file}.new`, file);
    } catch (error) {
      log.warn({ err: error }, "the registered phones could not be kept");
    }
  }
  function take(input: RegistrarInput): RegistrarStep {
    const made = step(state, input, Date.now());
    if (made.state !== state) saveTimer ??= setTimeout(save, SAVE_MS);
    state = made.state;
    for (const { phoneId, registered, contact } of made.outputs) emit({ phoneState: { phoneId, registered, contact } });
    if (wakeTimer !== null) clearTimeout(wakeTimer);
    wakeTimer = made.wakeAt === null ? null : setTimeout(() => take({ type: "wake" }), made.wakeAt - Date.now() + 5);
    return made;
  }
  take({ type: "wake" });

  return {
    register(request, response) {
      const account = accounts.authenticate(request, response);
      if (account === null) return;
      if (account === "refused" || account.kind !== "phone") return response.send(403);
      const contacts = contactsOfHeader(request.get("contact"), request.get("expires"));
      const made = take({
        type: "register",
        phoneId: account.phone.id,
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
      const list = contactsOf(state, account.phone.id, now).map(
        (binding) => `<${binding.contact}>;expires=${Math.max(1, Math.round((binding.expiresAt - now) / 1000))}`,
      );
      const granted = grantedSeconds(contacts[0]?.expiresSeconds ?? 0);
      const headers: Record<string, string> = { Expires: String(granted) };
      if (list.length > 0) headers.Contact = list.join(", ");
      response.send(200, { headers });
    },
    contactsOf: (phoneId) => contactsOf(state, phoneId, Date.now()),
    keep: (setup) => void take({ type: "keep", phoneIds: new Set(setup.phones.map((phone) => phone.id)) }),
    phones: () => {
      const now = Date.now();
      const alive = state.bindings.filter((binding) => binding.expiresAt > now);
      return [...new Map(alive.toReversed().map(({ phoneId, contact }) => [phoneId, { phoneId, contact }])).values()];
    },
    close() {
      if (wakeTimer !== null) clearTimeout(wakeTimer);
      if (saveTimer !== null) {
        clearTimeout(saveTimer);
        save();
      }
    },
  };
}
