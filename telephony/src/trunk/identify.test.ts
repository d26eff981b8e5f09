import { trunkInput } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import { addressSet, isLoopback } from "./address-set.ts";
import { type Directory, directoryOf, identify as identifyBy, NO_REACH } from "./identify.ts";
import type { SetupMessage, TrunkMessage } from "./set-up.ts";
import { setupProblem } from "./set-up.ts";

const trunk = (change: Partial<TrunkMessage>): TrunkMessage => ({
  ...trunkInput({ name: "t" }),
  id: "t",
  ...change,
});
const setup = (trunks: readonly TrunkMessage[], phones: SetupMessage["phones"] = []): SetupMessage => ({
  ...{ revision: 1, numbers: [], flows: [], queues: [], calendars: [] },
  trunks: [...trunks],
  phones,
});

const identify = (directory: Directory, address: string) =>
  identifyBy(directory, { address, user: "", line: "" }, NO_REACH);

describe("who a request comes from", () => {
  it("is the trunk whose peer or registered PBX has the address, and the user tells several apart", () => {
    const account = (username: string) => ({ ...trunkInput({ name: "t" }).account, username });
    const directory = directoryOf(
      setup([
        trunk({ id: "a", mode: "register", account: account("1000") }),
        trunk({ id: "b", mode: "register", account: account("2000") }),
      ]),
    );
    const reach = { ...NO_REACH, addressesOf: () => new Set(["192.0.2.1"]) };
    const from = (user: string) => identifyBy(directory, { address: "192.0.2.1", user, line: "" }, reach);
    expect(from("2000")).toMatchObject({ trunk: { id: "b" } });
    expect(from("8001")).toMatchObject({ trunk: { id: "a" } });
  });

  it("is the trunk that we registered the contact for, wherever it comes from, and a guess is nobody", () => {
    const directory = directoryOf(setup([trunk({ id: "a" }), trunk({ id: "b" })]));
    const reach = { ...NO_REACH, lineOf: (id: string) => (id === "b" ? "secret" : "") };
    const by = (line: string) => identifyBy(directory, { address: "203.0.113.9", user: "", line }, reach);
    expect(by("secret")).toMatchObject({ trunk: { id: "b" } });
    expect(by("guess")).toEqual({ type: "unknown" });
    expect(by("")).toEqual({ type: "unknown" });
  });

  it("is the trunk that lists the address or its network", () => {
    const directory = directoryOf(
      setup([
        trunk({ id: "a", addresses: ["192.0.2.7"] }),
        trunk({ id: "b", addresses: ["198.51.100.0/24", "2001:db8::/32"] }),
      ]),
    );
    expect(identify(directory, "192.0.2.7")).toMatchObject({ type: "trunk", trunk: { id: "a" } });
    expect(identify(directory, "198.51.100.77")).toMatchObject({ trunk: { id: "b" } });
    expect(identify(directory, "2001:db8::5")).toMatchObject({ trunk: { id: "b" } });
    expect(identify(directory, "::ffff:192.0.2.7")).toMatchObject({ trunk: { id: "a" } });
    expect(identify(directory, "203.0.113.1")).toEqual({ type: "unknown" });
  });

  it("is the trunk of the narrowest network, and a peer's own address is narrower than any network", () => {
    const directory = directoryOf(
      setup([
        trunk({ id: "wide", addresses: ["10.0.0.0/8"] }),
        trunk({ id: "narrow", addresses: ["10.1.0.0/16"] }),
        trunk({ id: "peer" }),
      ]),
    );
    const reach = { ...NO_REACH, addressesOf: (id: string) => new Set(id === "peer" ? ["10.1.2.3"] : []) };
    const of = (address: string) => identifyBy(directory, { address, user: "", line: "" }, reach);
    expect(of("10.2.0.1")).toMatchObject({ trunk: { id: "wide" } });
    expect(of("10.1.2.4")).toMatchObject({ trunk: { id: "narrow" } });
    expect(of("10.1.2.3")).toMatchObject({ trunk: { id: "peer" } });
  });

  it("loopback belongs to a trunk only when one lists it", () => {
    const directory = directoryOf(setup([trunk({ addresses: ["192.0.2.7"] })]));
    expect(identify(directory, "127.0.0.1")).toEqual({ type: "unknown" });
    expect(isLoopback("127.29.3.4")).toBe(true);
  });

  it("a trunk that is switched off is nobody", () => {
    const directory = directoryOf(
      setup([trunk({ enabled: false, addresses: ["192.0.2.7"], username: "u", password: "p" })]),
    );
    expect(identify(directory, "192.0.2.7")).toEqual({ type: "unknown" });
  });

  it("an unknown address is challenged when somebody has a password", () => {
    const phones = [{ id: "p", name: "p", username: "desk", password: "secret" }];
    expect(identify(directoryOf(setup([], phones)), "203.0.113.1")).toEqual({ type: "challenge" });
    expect(identify(directoryOf(setup([], [{ ...phones[0]!, password: "" }])), "203.0.113.1")).toEqual({
      type: "unknown",
    });
  });

  it("tells entries that are no address", () => {
    expect(addressSet(["192.0.2.0/33", "pbx.example", "192.0.2.1", " 10.0.0.0/8 "]).unusable).toEqual([
      "192.0.2.0/33",
      "pbx.example",
    ]);
  });

  it("a set-up whose number leads nowhere is refused with a sentence", () => {
    const numbers = [{ id: "n", trunkId: "", pattern: "*", flowId: "gone", calendarId: "", closedFlowId: "" }];
    expect(setupProblem({ ...setup([]), numbers })).toMatch(/number n/);
  });
});
