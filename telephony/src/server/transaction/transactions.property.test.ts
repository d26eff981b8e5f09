import { monoMs, type Step, type Wake } from "@intramuros/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  INVITE_SERVER_START,
  SIP_TIMERS,
  startClient,
  startInviteClient,
  startServer,
  stepClient,
  stepInviteClient,
  stepInviteServer,
  stepServer,
} from "./index.ts";

type Any = Step<{ readonly at: string }, { readonly type: string }>;
const config = { reliable: false, timers: SIP_TIMERS };
const inputs = fc.oneof(
  fc.record({ type: fc.constant("response"), status: fc.integer({ min: 100, max: 699 }) }),
  fc.record({ type: fc.constant("respond"), status: fc.integer({ min: 100, max: 699 }) }),
  fc.constantFrom({ type: "request" }, { type: "ack" }, { type: "transport-fault" }, { type: "wake" }),
);
const CLIENT = new Set(["response", "transport-fault", "wake"]);
const SERVER = new Set(["respond", "request", "transport-fault", "wake"]);

// biome-ignore lint/suspicious/noExplicitAny: one test for four machines of different inputs
const machines: [string, Any, (state: any, input: any, now: any, config: any) => Any, ReadonlySet<string>][] = [
  ["INVITE client", startInviteClient(monoMs(0), config), stepInviteClient, CLIENT],
  ["non-INVITE client", startClient(monoMs(0), config), stepClient, CLIENT],
  [
    "INVITE server",
    { state: INVITE_SERVER_START, outputs: [], wakeAt: null },
    stepInviteServer,
    new Set([...SERVER, "ack"]),
  ],
  ["non-INVITE server", startServer(monoMs(0), config), stepServer, SERVER],
];

test.each(machines)(
  "%s: no wake lies in the past, nothing comes after the end, and every run ends",
  (_name, first, step, mine) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20_000), inputs), { maxLength: 40 }), (events) => {
        let now = 0;
        let current = first;
        const give = (input: { type: string } | Wake): void => {
          const was = current.state.at;
          current = step(current.state, input, monoMs(now), config);
          if (was === "terminated") expect(current.outputs).toEqual([]);
          if (current.state.at === "terminated") expect(current.wakeAt).toBe(null);
          else if (current.wakeAt !== null) expect(current.wakeAt).toBeGreaterThanOrEqual(now);
        };
        for (const [delay, input] of events) {
          now += delay;
          while (current.wakeAt !== null && current.wakeAt <= now) {
            const before = current.wakeAt;
            give({ type: "wake" });
            // A wake that changes nothing must at least be later than the one before.
            if (current.wakeAt !== null && current.wakeAt <= now) expect(current.wakeAt).toBeGreaterThanOrEqual(before);
          }
          if (mine.has(input.type)) give(input);
        }
        // Left alone, it ends by itself; only an INVITE server waits for its parent.
        for (let i = 0; i < 200 && current.wakeAt !== null; i++) {
          now = Math.max(now, current.wakeAt);
          give({ type: "wake" });
        }
        expect(["terminated", ...(current.state === INVITE_SERVER_START ? ["proceeding"] : [])]).toContain(
          current.state.at,
        );
      }),
      { numRuns: 500 },
    );
  },
);

test("an INVITE and its answer meet although 30 % of all datagrams are lost", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 200, maxLength: 200 }), (dice) => {
      let die = 0;
      const lost = (): boolean => (dice[die++ % dice.length] ?? 0) < 30;
      let client: Any = startInviteClient(monoMs(0), config);
      let server: Any = { state: INVITE_SERVER_START, outputs: [], wakeAt: null };
      let heard = 0;
      let acked = false;
      const mail: { at: number; to: "client" | "server"; what: "invite" | "refusal" | "ack" }[] = [];
      const post = (at: number, to: "client" | "server", what: "invite" | "refusal" | "ack"): void => {
        if (!lost()) mail.push({ at: at + 20, to, what });
      };
      const onClient = (now: number): void => {
        for (const { type } of client.outputs) {
          if (type === "send") post(now, "server", "invite");
          if (type === "ack") post(now, "server", "ack");
          if (type === "pass") heard++;
        }
      };
      const onServer = (now: number): void => {
        for (const { type } of server.outputs) if (type !== "timeout") post(now, "client", "refusal");
      };
      onClient(0);
      for (let now = 0; now <= 70_000; now += 10) {
        for (let i = mail.length - 1; i >= 0; i--) {
          const letter = mail[i];
          if (letter === undefined || letter.at > now) continue;
          mail.splice(i, 1);
          if (letter.to === "client") {
            client = stepInviteClient(client.state as never, { type: "response", status: 486 }, monoMs(now), config);
            onClient(now);
          } else if (letter.what === "invite") {
            const input = server.state.at === "proceeding" ? { type: "respond", status: 486 } : { type: "request" };
            server = stepInviteServer(server.state as never, input as never, monoMs(now), config);
            onServer(now);
          } else {
            acked = true;
            server = stepInviteServer(server.state as never, { type: "ack" }, monoMs(now), config);
            onServer(now);
          }
        }
        if (client.wakeAt !== null && client.wakeAt <= now) {
          client = stepInviteClient(client.state as never, { type: "wake" }, monoMs(now), config);
          onClient(now);
        }
        if (server.wakeAt !== null && server.wakeAt <= now) {
          server = stepInviteServer(server.state as never, { type: "wake" }, monoMs(now), config);
          onServer(now);
        }
      }
      // Seven INVITEs all lost: 0.3^7; eleven refusals or their ACKs: rarer still. Then the transaction says so instead.
      if (heard === 0) expect(client.state.at).toBe("terminated");
      else expect(heard).toBe(1);
      if (acked) expect(server.state.at).toBe("terminated");
    }),
    { numRuns: 100 },
  );
});
