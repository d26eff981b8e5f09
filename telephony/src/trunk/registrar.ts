/**
 * Where those are who register with us: phones, and PBXs of trunks. A binding is one contact of one account; the newest REGISTER of a
 * Call-ID wins (RFC 3261 §10.3).
 *
 * | input    | bindings after it                                              | tells                      |
 * | -------- | -------------------------------------------------------------- | -------------------------- |
 * | register | contact added, refreshed, removed (expires 0) or all removed   | account when it came, went |
 * | wake     | those whose time is over are gone                              | accounts that went         |
 * | keep     | those of accounts that are not in the set-up any more are gone | accounts that went         |
 */
export const REGISTRAR = {
  minExpiresSeconds: 30,
  maxExpiresSeconds: 300,
  maxContactsPerAccount: 5,
  maxContactLength: 256,
} as const;

export interface Binding {
  readonly accountId: string;
  readonly contact: string;
  /** Where the REGISTER came from: requests to the account go there, whatever its contact says (NAT). */
  readonly source: {
    readonly address: string;
    readonly port: number;
    readonly protocol: string;
    /** Our own address that it came in on. */
    readonly localAddress: string;
  };
  /** Unix milliseconds. */
  readonly expiresAt: number;
  readonly callId: string;
  readonly cseq: number;
}

export interface Registrations {
  readonly bindings: readonly Binding[];
}
export const NO_REGISTRATIONS: Registrations = { bindings: [] };

export type RegistrarInput =
  | {
      readonly type: "register";
      readonly accountId: string;
      /** `*` with expires 0 removes all. Empty: a query. */
      readonly contacts: readonly { readonly uri: string; readonly expiresSeconds: number }[];
      readonly source: Binding["source"];
      readonly callId: string;
      readonly cseq: number;
    }
  | { readonly type: "keep"; readonly accountIds: ReadonlySet<string> }
  | { readonly type: "wake" };

export interface RegistrarOutput {
  readonly type: "account";
  readonly accountId: string;
  readonly registered: boolean;
  readonly contact: string;
}

export type RegisterRefusal = "too-many-contacts" | "bad-contact" | "out-of-order";

export interface RegistrarStep {
  readonly state: Registrations;
  readonly outputs: readonly RegistrarOutput[];
  readonly wakeAt: number | null;
  readonly refused: RegisterRefusal | null;
}

export function step(state: Registrations, input: RegistrarInput, now: number): RegistrarStep {
  const alive = state.bindings.filter((binding) => binding.expiresAt > now);
  switch (input.type) {
    case "wake":
      return settle(state.bindings, alive, null);
    case "keep":
      return settle(
        state.bindings,
        alive.filter((binding) => input.accountIds.has(binding.accountId)),
        null,
      );
    case "register": {
      const refused = refusal(alive, input);
      const after = refused === null ? applied(alive, input, now) : alive;
      // While nobody's time was over, only this account can have changed: with ten thousand phones that is most of the work.
      const changed = alive.length === state.bindings.length ? input.accountId : null;
      return settle(state.bindings, after, refused, changed);
    }
  }
}

export const contactsOf = (state: Registrations, accountId: string, now: number): readonly Binding[] =>
  state.bindings.filter((binding) => binding.accountId === accountId && binding.expiresAt > now);

/** RFC 3261 §10.3 step 7: an expiry that is not 0 and below our least is refused, and the least is named. */
export const isTooBrief = (wishedSeconds: number): boolean =>
  wishedSeconds !== 0 && wishedSeconds < REGISTRAR.minExpiresSeconds;

/** What we grant for a wish, in seconds; 0 stays 0. */
export function grantedSeconds(wishedSeconds: number): number {
  if (wishedSeconds === 0) return 0;
  return Math.min(REGISTRAR.maxExpiresSeconds, Math.max(REGISTRAR.minExpiresSeconds, Math.trunc(wishedSeconds)));
}

type Register = Extract<RegistrarInput, { type: "register" }>;

function refusal(alive: readonly Binding[], input: Register): RegisterRefusal | null {
  const usable = (uri: string): boolean =>
    uri === "*" || (uri.length <= REGISTRAR.maxContactLength && /^sips?:[^\s<>"|]+$/i.test(uri));
  if (!input.contacts.every((contact) => usable(contact.uri))) return "bad-contact";
  const same = alive.filter((binding) => binding.accountId === input.accountId && binding.callId === input.callId);
  if (input.contacts.length > 0 && same.some((binding) => binding.cseq > input.cseq)) return "out-of-order";
  const after = new Set(
    alive.filter((binding) => binding.accountId === input.accountId).map((binding) => binding.contact),
  );
  for (const contact of input.contacts) {
    if (contact.expiresSeconds === 0) after.delete(contact.uri);
    else after.add(contact.uri);
  }
  return after.size > REGISTRAR.maxContactsPerAccount ? "too-many-contacts" : null;
}

function applied(alive: readonly Binding[], input: Register, now: number): readonly Binding[] {
  if (input.contacts.some((contact) => contact.uri === "*")) {
    return alive.filter((binding) => binding.accountId !== input.accountId);
  }
  let after = alive;
  for (const contact of input.contacts) {
    after = after.filter((binding) => binding.accountId !== input.accountId || binding.contact !== contact.uri);
    if (contact.expiresSeconds === 0) continue;
    const { accountId, source, callId, cseq } = input;
    const expiresAt = now + grantedSeconds(contact.expiresSeconds) * 1000;
    after = [...after, { accountId, contact: contact.uri, source, expiresAt, callId, cseq }];
  }
  return after;
}

/** `changed`: the one account that can differ between the two lists; null: any. */
function settle(
  before: readonly Binding[],
  after: readonly Binding[],
  refused: RegisterRefusal | null,
  changed: string | null = null,
): RegistrarStep {
  const first = (list: readonly Binding[]): ReadonlyMap<string, string> => {
    const looked = changed === null ? list : list.filter((binding) => binding.accountId === changed);
    return new Map(looked.toReversed().map((binding) => [binding.accountId, binding.contact]));
  };
  const [had, has] = [first(before), first(after)];
  const outputs: RegistrarOutput[] = [];
  for (const [accountId, contact] of has) {
    if (had.get(accountId) !== contact) outputs.push({ type: "account", accountId, registered: true, contact });
  }
  for (const accountId of had.keys()) {
    if (!has.has(accountId)) outputs.push({ type: "account", accountId, registered: false, contact: "" });
  }
  let wakeAt: number | null = null;
  for (const { expiresAt } of after) wakeAt = wakeAt === null ? expiresAt : Math.min(wakeAt, expiresAt);
  return { state: { bindings: after }, outputs, wakeAt, refused };
}
