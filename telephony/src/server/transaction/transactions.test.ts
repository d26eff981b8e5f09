import { monoMs, type Step, type Wake } from "@intramuros/contracts";
import { describe, expect, test } from "vitest";
import {
  type Client,
  type ClientInput,
  INVITE_SERVER_START,
  type InviteClient,
  type InviteClientInput,
  type InviteServer,
  type InviteServerInput,
  type Server,
  type ServerInput,
  SIP_TIMERS,
  startClient,
  startInviteClient,
  startServer,
  stepClient,
  stepInviteClient,
  stepInviteServer,
  stepServer,
  type TransactionConfig,
} from "./index.ts";

const UDP: TransactionConfig = { reliable: false, timers: SIP_TIMERS };
const TCP: TransactionConfig = { reliable: true, timers: SIP_TIMERS };

/** Runs a machine by its own wakes and keeps what it put out, and when. */
function run<S extends { readonly at: string }, I, O extends { readonly type: string }>(
  first: Step<S, O>,
  step: (state: S, input: I | Wake, now: ReturnType<typeof monoMs>, config: TransactionConfig) => Step<S, O>,
  config: TransactionConfig,
) {
  let current = first;
  let now = 0;
  const log: [number, string][] = first.outputs.map((output) => [0, output.type]);
  const take = (next: Step<S, O>): void => {
    current = next;
    for (const { type } of next.outputs) log.push([now, type]);
  };
  return {
    log,
    at: () => current.state.at,
    wakeAt: () => current.wakeAt,
    until(ms: number) {
      while (current.wakeAt !== null && current.wakeAt <= ms) {
        now = current.wakeAt;
        take(step(current.state, { type: "wake" }, monoMs(now), config));
      }
      now = ms;
    },
    give(input: I) {
      take(step(current.state, input, monoMs(now), config));
    },
    of: (type: string) => log.filter((entry) => entry[1] === type).map((entry) => entry[0]),
  };
}

describe("INVITE client", () => {
  const start = (config: TransactionConfig) =>
    run<InviteClient, InviteClientInput, { type: string }>(
      startInviteClient(monoMs(0), config),
      stepInviteClient,
      config,
    );

  test("without an answer the request goes out seven times, timer A doubling, and B ends it at 32 s", () => {
    const machine = start(UDP);
    machine.until(60_000);
    expect(machine.of("send")).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    expect(machine.of("timeout")).toEqual([32_000]);
    expect(machine.at()).toBe("terminated");
  });
  test("over TCP it goes out once", () => {
    const machine = start(TCP);
    machine.until(60_000);
    expect(machine.of("send")).toEqual([0]);
    expect(machine.of("timeout")).toEqual([32_000]);
  });
  test("a provisional response stops retransmissions", () => {
    const machine = start(UDP);
    machine.give({ type: "response", status: 180 });
    machine.until(120_000);
    expect(machine.of("send")).toEqual([0]);
    expect(machine.at()).toBe("proceeding");
  });
  test("a refusal is acknowledged each time it comes, passed up once, and forgotten after timer D", () => {
    const machine = start(UDP);
    machine.give({ type: "response", status: 486 });
    machine.until(1000);
    machine.give({ type: "response", status: 486 });
    expect(machine.of("ack")).toEqual([0, 1000]);
    expect(machine.of("pass")).toEqual([0]);
    machine.until(31_999);
    expect(machine.at()).toBe("completed");
    machine.until(32_000);
    expect(machine.at()).toBe("terminated");
  });
  test("over TCP a refusal ends it at once", () => {
    const machine = start(TCP);
    machine.give({ type: "response", status: 486 });
    expect(machine.at()).toBe("terminated");
    expect(machine.of("ack")).toEqual([0]);
  });
  test("after a 2xx further 2xx are passed up for 64·T1 (RFC 6026 timer M)", () => {
    const machine = start(UDP);
    machine.give({ type: "response", status: 200 });
    machine.until(31_000);
    machine.give({ type: "response", status: 200 });
    machine.give({ type: "response", status: 486 });
    expect(machine.of("pass")).toEqual([0, 31_000]);
    machine.until(32_000);
    expect(machine.at()).toBe("terminated");
  });
  test("a transport fault is told, but not once the call is accepted", () => {
    const machine = start(UDP);
    machine.give({ type: "transport-fault" });
    expect(machine.of("fault")).toEqual([0]);
    const accepted = start(UDP);
    accepted.give({ type: "response", status: 200 });
    accepted.give({ type: "transport-fault" });
    expect(accepted.at()).toBe("accepted");
  });
});

describe("non-INVITE client", () => {
  const start = (config: TransactionConfig) =>
    run<Client, ClientInput, { type: string }>(startClient(monoMs(0), config), stepClient, config);

  test("timer E doubles to T2, F ends it at 32 s: eleven requests", () => {
    const machine = start(UDP);
    machine.until(60_000);
    expect(machine.of("send")).toEqual([0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect(machine.of("timeout")).toEqual([32_000]);
  });
  test("after a provisional response it repeats every T2", () => {
    const machine = start(UDP);
    machine.until(100);
    machine.give({ type: "response", status: 100 });
    machine.until(12_000);
    expect(machine.of("send")).toEqual([0, 500, 4500, 8500]);
  });
  test("a final response is passed up once and absorbed for T4", () => {
    const machine = start(UDP);
    machine.give({ type: "response", status: 200 });
    machine.until(4000);
    machine.give({ type: "response", status: 200 });
    expect(machine.of("pass")).toEqual([0]);
    machine.until(5000);
    expect(machine.at()).toBe("terminated");
  });
});

describe("INVITE server", () => {
  const start = (config: TransactionConfig) =>
    run<InviteServer, InviteServerInput, { type: string }>(
      { state: INVITE_SERVER_START, outputs: [], wakeAt: null },
      stepInviteServer,
      config,
    );

  test("a refusal is repeated until its ACK, timer G doubling to T2, and H gives up at 32 s", () => {
    const machine = start(UDP);
    machine.give({ type: "respond", status: 486 });
    machine.until(60_000);
    expect(machine.of("resend")).toEqual([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect(machine.of("timeout")).toEqual([32_000]);
  });
  test("the ACK ends the repetition, and a stray request after it is absorbed until timer I", () => {
    const machine = start(UDP);
    machine.give({ type: "respond", status: 486 });
    machine.until(700);
    machine.give({ type: "ack" });
    machine.give({ type: "request" });
    machine.until(5700);
    expect(machine.of("resend")).toEqual([500]);
    expect(machine.at()).toBe("terminated");
  });
  test("a repeated INVITE gets the last provisional response again", () => {
    const machine = start(UDP);
    machine.give({ type: "respond", status: 180 });
    machine.give({ type: "request" });
    expect(machine.log.map((entry) => entry[1])).toEqual(["send", "resend"]);
  });
  test("after a 2xx a repeated INVITE is absorbed in silence for 64·T1 (RFC 6026 timer L)", () => {
    const machine = start(UDP);
    machine.give({ type: "respond", status: 200 });
    machine.until(20_000);
    machine.give({ type: "request" });
    machine.give({ type: "ack" });
    expect(machine.log.map((entry) => entry[1])).toEqual(["send", "pass-ack"]);
    machine.until(32_000);
    expect(machine.at()).toBe("terminated");
  });
});

describe("non-INVITE server", () => {
  const start = (config: TransactionConfig) =>
    run<Server, ServerInput, { type: string }>(startServer(monoMs(0), config), stepServer, config);

  test("a repeated request is absorbed before the answer and answered again after it, for 64·T1", () => {
    const machine = start(UDP);
    machine.give({ type: "request" });
    machine.give({ type: "respond", status: 200 });
    machine.until(31_000);
    machine.give({ type: "request" });
    expect(machine.log).toEqual([
      [0, "send"],
      [31_000, "resend"],
    ]);
    machine.until(32_000);
    expect(machine.at()).toBe("terminated");
  });
  test("without an answer it is given up silently", () => {
    const machine = start(UDP);
    machine.until(32_000);
    expect(machine.log).toEqual([[32_000, "timeout"]]);
  });
  test("over TCP the answer ends it", () => {
    const machine = start(TCP);
    machine.give({ type: "respond", status: 200 });
    expect(machine.at()).toBe("terminated");
  });
});
