import { expect, test } from "vitest";
import { answer, request, type Simulation, simulate } from "./simulation.ts";

/** Application 1 has the calls, 2 the records. */
function site(): Simulation {
  const sim = simulate({ cdrs: true, takeoverMs: 0 });
  sim.application(1, "invite");
  sim.application(2, "cdr:attempt", "cdr:start", "cdr:stop");
  return sim;
}
/** What application 2 was told since the last time: kind, source, detail, start line. */
const records = (sim: Simulation): string[] =>
  sim
    .drainTold()
    .filter(({ client }) => client === 2)
    .map(({ tokens, message }) =>
      [tokens[1]?.slice(4), tokens[2], ...tokens.slice(4), message.split("\r\n")[0]].join(" "),
    );
const respond = (sim: Simulation, id: string, status: number): void =>
  void sim.frame(1, `sip|${id}|\r\nSIP/2.0 ${status} X\r\n\r\n`);

function invited(sim: Simulation): string {
  sim.peer(request({ method: "INVITE" }));
  return sim.told.find(({ client }) => client === 1)?.tokens[8] ?? "";
}

test("a call that is answered and hung up: attempt, start, stop", () => {
  const sim = site();
  const id = invited(sim);
  respond(sim, id, 200);
  expect(records(sim)).toEqual([
    "attempt network INVITE sip:svc@10.0.0.1 SIP/2.0",
    "start application uas SIP/2.0 200 X",
  ]);
  const tag = /;tag=([^\r;]+)/.exec(/\r\nTo: [^\r]*/.exec(sim.sent.at(-1)?.text ?? "")?.[0] ?? "")?.[1] ?? "";
  sim.peer(request({ method: "ACK", toTag: tag, branch: "z9hG4bK-a" }));
  sim.peer(request({ method: "BYE", toTag: tag, seq: 2 }));
  expect(records(sim)).toEqual(["stop network normal-release BYE sip:svc@10.0.0.1 SIP/2.0"]);
});

test("refused and taken back", () => {
  const refused = site();
  respond(refused, invited(refused), 486);
  expect(records(refused).at(-1)).toBe("stop application call-rejected SIP/2.0 486 X");
  const cancelled = site();
  invited(cancelled);
  cancelled.peer(request({ method: "CANCEL" }));
  expect(records(cancelled).at(-1)).toBe("stop application call-canceled SIP/2.0 487 Request Terminated");
});

test("a call that the server ends has its reason", () => {
  const sim = site();
  respond(sim, invited(sim), 200);
  records(sim);
  sim.pass(32_000); // nobody acknowledges
  expect(records(sim)).toEqual(["stop application system-initiated-termination BYE sip:peer@10.0.0.9:5066 SIP/2.0"]);
  const gone = site();
  respond(gone, invited(gone), 200);
  records(gone);
  gone.input({ type: "client-closed", client: 1 });
  expect(records(gone)[0]).toMatch(/^stop application system-error-initiated-termination BYE /);
});

test("calls of an application: both answers", () => {
  const sim = site();
  sim.frame(1, "sip||\r\nINVITE sip:a@10.0.0.9 SIP/2.0\r\n\r\nv=0\r\n");
  const invite = sim.last();
  sim.peer(answer(invite, 200, { headers: ["Contact: <sip:a@10.0.0.9>"] }));
  expect(records(sim)).toEqual([
    "attempt application INVITE sip:a@10.0.0.9 SIP/2.0",
    "start network uac SIP/2.0 200 Whatever",
  ]);
  sim.frame(1, "sip||\r\nINVITE sip:b@10.0.0.9 SIP/2.0\r\n\r\nv=0\r\n");
  sim.peer(answer(sim.last(), 404));
  expect(records(sim).at(-1)).toBe("stop network call-rejected SIP/2.0 404 Whatever");
});

test("nothing is told where the site has not asked for it", () => {
  const sim = simulate();
  sim.application(1, "invite");
  sim.application(2, "cdr:attempt");
  invited(sim);
  expect(records(sim)).toEqual([]);
});
