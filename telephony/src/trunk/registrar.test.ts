import { describe, expect, it } from "vitest";
import { contactsOf, NO_REGISTRATIONS, type RegistrarInput, type Registrations, step } from "./registrar.ts";

const source = { address: "192.0.2.5", port: 5060, protocol: "udp", localAddress: "192.0.2.1" };
const register = (uri: string, expiresSeconds: number, cseq = 1, callId = "c"): RegistrarInput => ({
  ...{ type: "register", accountId: "p", contacts: [{ uri, expiresSeconds }], source, callId, cseq },
});
function registrar() {
  let state: Registrations = NO_REGISTRATIONS;
  return {
    give(input: RegistrarInput, now: number) {
      const made = step(state, input, now);
      state = made.state;
      return made;
    },
    contacts: (now: number) => contactsOf(state, "p", now).map((binding) => binding.contact),
  };
}

describe("the registrar", () => {
  it("tells when a phone comes and when its time is over", () => {
    const so = registrar();
    const made = so.give(register("sip:a@192.0.2.5", 60), 0);
    expect(made.outputs).toEqual([{ type: "account", accountId: "p", registered: true, contact: "sip:a@192.0.2.5" }]);
    expect(made.wakeAt).toBe(60_000);
    expect(so.give(register("sip:a@192.0.2.5", 60, 2), 30_000).outputs).toEqual([]);
    expect(so.give({ type: "wake" }, 90_000).outputs).toMatchObject([{ registered: false }]);
  });
  it("holds several contacts, up to five", () => {
    const so = registrar();
    for (let n = 0; n < 5; n++) so.give(register(`sip:${n}@192.0.2.5`, 60, 1, `c${n}`), 0);
    expect(so.contacts(0)).toHaveLength(5);
    expect(so.give(register("sip:6@192.0.2.5", 60, 1, "c6"), 0).refused).toBe("too-many-contacts");
  });
  it("takes away one contact or all", () => {
    const so = registrar();
    so.give(register("sip:a@192.0.2.5", 60), 0);
    so.give(register("sip:b@192.0.2.5", 60, 1, "d"), 0);
    so.give(register("sip:a@192.0.2.5", 0, 2), 0);
    expect(so.contacts(0)).toEqual(["sip:b@192.0.2.5"]);
    expect(so.give(register("*", 0, 3), 0).outputs).toMatchObject([{ registered: false }]);
  });
  it("an older REGISTER that comes late changes nothing", () => {
    const so = registrar();
    so.give(register("sip:a@192.0.2.5", 60, 5), 0);
    expect(so.give(register("sip:a@192.0.2.5", 0, 4), 10).refused).toBe("out-of-order");
    expect(so.contacts(10)).toHaveLength(1);
  });
  it("grants at least half a minute and at most five", () => {
    const so = registrar();
    expect(so.give(register("sip:a@192.0.2.5", 1), 0).wakeAt).toBe(30_000);
    expect(so.give(register("sip:a@192.0.2.5", 86_400, 2), 0).wakeAt).toBe(300_000);
  });
  it("refuses contacts that could break out of a request", () => {
    const so = registrar();
    for (const uri of ["sip:a@b>\r\nX: y", "http://x", "sip:a|b@c", `sip:${"a".repeat(300)}@b`]) {
      expect(so.give(register(uri, 60), 0).refused).toBe("bad-contact");
    }
  });
  it("forgets accounts that are not in the set-up any more", () => {
    const so = registrar();
    so.give(register("sip:a@192.0.2.5", 60), 0);
    expect(so.give({ type: "keep", accountIds: new Set(["other"]) }, 1).outputs).toMatchObject([{ registered: false }]);
  });
});
