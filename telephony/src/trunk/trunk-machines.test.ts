import { trunkInput, unixMs } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import * as keepalive from "./keepalive.ts";
import * as registration from "./registration.ts";

const form = trunkInput({ name: "t", keepalive: { optionsSeconds: 60, downSeconds: 10, failures: 2 } }).keepalive;

describe("a peer that is asked by OPTIONS", () => {
  const run = (inputs: readonly keepalive.KeepaliveInput[]) => {
    let state = keepalive.newKeepalive(unixMs(0), 0);
    let now = 0;
    let wakeAt: number | null = 0;
    for (const input of inputs) {
      const step = keepalive.step(state, input, unixMs(now), form);
      state = step.state;
      wakeAt = step.wakeAt;
      if (wakeAt !== null) now = wakeAt;
    }
    return { state, now };
  };
  const wake = { type: "wake" } as const;
  const silent = { type: "silent" } as const;
  const answered = (sipCode: number) => ({ type: "answered", sipCode, roundTripMs: 3 }) as const;

  it("is up after any answer below 500: 404 and 401 too", () => {
    expect(run([wake, answered(404)]).state).toMatchObject({ at: "up", lastCode: 404, roundTripMs: 3 });
  });
  it("is down after failures in a row, not after one, and is asked more often then", () => {
    expect(run([wake, answered(200), wake, silent]).state).toMatchObject({ at: "up", failed: 1 });
    const down = run([wake, answered(200), wake, silent, wake, answered(503)]);
    expect(down.state).toMatchObject({ at: "down", lastCode: 503, since: 70_000 });
    expect(down.now).toBe(80_000);
    expect(run([wake, silent, wake, silent, wake, answered(200)]).state).toMatchObject({ at: "up", failed: 0 });
  });
  it("is not asked twice at once, and never with 0 seconds", () => {
    const first = keepalive.step(keepalive.newKeepalive(unixMs(0), 0), wake, unixMs(0), form);
    expect(first.send).toBe(true);
    expect(keepalive.step(first.state, wake, unixMs(99_000), form)).toMatchObject({ send: false, wakeAt: null });
    const off = { ...form, optionsSeconds: 0 };
    expect(keepalive.step(first.state, wake, unixMs(0), off)).toMatchObject({ send: false, wakeAt: null });
  });
});

describe("our registration", () => {
  const options = { peers: 2, random: 0.5 };
  type Input = registration.RegistrationInput;
  const run = (inputs: readonly Input[], peers = 2) => {
    let state = registration.newRegistration(600, unixMs(0));
    let now = 0;
    const sent: string[] = [];
    for (const input of inputs) {
      const step = registration.step(state, input, unixMs(now), { ...options, peers });
      state = step.state;
      for (const { peer, expiresSeconds } of step.outputs) sent.push(`${peer}:${expiresSeconds}`);
      if (step.wakeAt !== null) now = step.wakeAt;
    }
    return { state, now, sent };
  };
  const wake: Input = { type: "wake" };
  const granted: Input = { type: "granted", seconds: 300 };
  const refused = (sipCode: number): Input => ({
    type: "refused",
    sipCode,
    problem: `${sipCode}`,
    retryAfterSeconds: null,
  });

  it("is refreshed before it ends, by what the PBX granted", () => {
    const done = run([wake, granted]);
    expect(done.state).toMatchObject({ at: "registered", until: 300_000, problem: "" });
    expect(done.now).toBe(240_000);
    expect(run([wake, granted, wake]).sent).toEqual(["0:600", "0:600"]);
  });
  it("takes a longer expiry when the PBX calls ours too brief, once", () => {
    expect(run([wake, { type: "brief", minExpires: 900 }]).sent).toEqual(["0:600", "0:900"]);
    expect(run([wake, { type: "brief", minExpires: 900 }, { type: "brief", minExpires: 900 }], 1).state.at).toBe(
      "waiting",
    );
  });
  it("goes on to the next peer, and backs off when none takes us", () => {
    expect(run([wake, refused(503)]).sent).toEqual(["0:600", "1:600"]);
    const first = run([wake, refused(503), { type: "silent", problem: "no answer" }]);
    expect(first.state).toMatchObject({ at: "waiting", failures: 1, lastCode: 0 });
    expect(first.now).toBe(5000);
    const second = run([wake, refused(503), refused(503), wake, refused(503), refused(503)]);
    expect(second.now).toBe(15_000);
  });
  it("does not hammer with a wrong password", () => {
    expect(run([wake, refused(403)], 1).now).toBe(120_000);
  });
  it("a refresh that fails keeps the binding that runs", () => {
    const { state } = run([wake, granted, wake, refused(500)], 1);
    expect(state).toMatchObject({ at: "waiting", until: 300_000, problem: "500" });
  });
  it("waits for our own SIP server without blaming the PBX, and not with a wrong password", () => {
    const unsent: Input = { type: "unsent", problem: "away" };
    expect(run([wake, unsent]).state).toMatchObject({ at: "waiting", failures: 0, lastCode: null });
    expect(run([wake, unsent, { type: "retry" }]).sent).toEqual(["0:600", "0:600"]);
    expect(run([wake, refused(403), { type: "retry" }], 1).sent).toEqual(["0:600"]);
  });
  it("removed, it unregisters if it had registered, even while it asks", () => {
    expect(run([wake, granted, { type: "remove" }]).sent).toEqual(["0:600", "0:0"]);
    expect(run([wake, granted, { type: "remove" }, granted]).state).toMatchObject({ at: "gone", until: null });
    expect(run([wake, { type: "remove" }, granted]).sent).toEqual(["0:600", "0:0"]);
    expect(run([wake, { type: "remove" }, refused(403)]).state.at).toBe("gone");
    expect(run([{ type: "remove" }]).state.at).toBe("gone");
  });
});
