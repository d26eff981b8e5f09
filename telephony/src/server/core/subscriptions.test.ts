import { expect, test } from "vitest";
import { headerOf, type SipMessage } from "../message/index.ts";
import { answer, request, type Simulation, simulate, udpFlow } from "./simulation.ts";

const HOUR_MS = 3_600_000;
const EVENT = ["Event: dialog", "Contact: <sip:peer@10.0.0.9:5066>"];

/** The peer subscribes; the application grants `expires`. */
function subscribed(sim: Simulation, expires: number) {
  sim.application(1, "subscribe", "notify");
  sim.peer(request({ method: "SUBSCRIBE", headers: [...EVENT, "Expires: 3600"] }));
  const told = sim.drainTold().at(-1);
  sim.frame(1, `sip|${told?.tokens[8]}|\r\nSIP/2.0 202 Accepted\r\nexpires: ${expires}\r\n\r\n`);
  const [echo] = sim.drainTold();
  sim.pass(25);
  const [, tag = ""] = /tag=(.*)$/.exec(headerOf(sim.last(), "to") ?? "") ?? [];
  return { id: echo?.tokens[11] ?? "", tag };
}
const dialogs = (sim: Simulation): number => sim.core.figures().dialogs;

test("a subscription has a dialog: NOTIFYs go to the subscriber, and the last one ends it when it is answered", () => {
  const sim = simulate();
  const { id } = subscribed(sim, 600);
  expect(id).toBe("call-1;from-tag=peertag");
  expect(headerOf(sim.last(), "contact")).toBe("<sip:10.0.0.1:5060>");
  sim.frame(1, `sip||${id}\r\nNOTIFY sip:placeholder SIP/2.0\r\nsubscription-state: active;expires=600\r\n\r\n`);
  expect((sim.last() as SipMessage & { uri: string }).uri).toBe("sip:peer@10.0.0.9:5066");
  sim.peer(answer(sim.last(), 200));
  expect(dialogs(sim)).toBe(1);
  sim.frame(1, `sip||${id}\r\nNOTIFY sip:placeholder SIP/2.0\r\nsubscription-state: terminated;reason=timeout\r\n\r\n`);
  sim.peer(answer(sim.last(), 200));
  expect(dialogs(sim)).toBe(0);
});

test("a subscription that is renewed lives on; one that nobody renews or ends lapses", () => {
  const sim = simulate();
  const { tag } = subscribed(sim, 600);
  for (let seq = 2; seq < 12; seq++) {
    sim.pass(500_000);
    sim.peer(request({ method: "SUBSCRIBE", seq, toTag: tag, branch: `z9hG4bK-s${seq}`, headers: EVENT }));
    sim.frame(1, `sip|${sim.drainTold().at(-1)?.tokens[8]}|\r\nSIP/2.0 200 OK\r\nexpires: 600\r\n\r\n`);
    sim.drainTold();
  }
  expect(dialogs(sim)).toBe(1);
  sim.pass(600_000);
  expect(dialogs(sim)).toBe(1);
  sim.pass(40_000);
  expect(dialogs(sim)).toBe(0);
});

test("a NOTIFY that answers 481 means that the subscriber has forgotten it", () => {
  const sim = simulate();
  const { id } = subscribed(sim, 600);
  sim.frame(1, `sip||${id}\r\nNOTIFY sip:placeholder SIP/2.0\r\nsubscription-state: active\r\n\r\n`);
  sim.peer(answer(sim.last(), 481));
  expect(dialogs(sim)).toBe(0);
});

function subscribe(sim: Simulation) {
  sim.application(1, "notify");
  sim.frame(1, "sip||\r\nSUBSCRIBE sip:bob@10.0.0.9:5066 SIP/2.0\r\nevent: message-summary\r\nexpires: 600\r\n\r\n");
  const sent = sim.last();
  sim.drainTold();
  const notify = (state: string, seq: number): string =>
    request({
      method: "NOTIFY",
      seq,
      branch: `z9hG4bK-n${seq}`,
      callId: headerOf(sent, "call-id") ?? "",
      headers: [`Subscription-State: ${state}`, "Event: message-summary", "Contact: <sip:bob@10.0.0.9:5066>"],
    })
      .replace(/^From: .*$/m, "From: <sip:bob@10.0.0.9>;tag=theirs")
      .replace(/^To: .*$/m, `To: ${headerOf(sent, "from")}`);
  return {
    sent,
    notify,
    id: `${headerOf(sent, "call-id")};from-tag=${/tag=(.*)$/.exec(headerOf(sent, "from") ?? "")?.[1]}`,
  };
}
const OK = { headers: ["Contact: <sip:bob@10.0.0.9:5066>", "Expires: 600"] };

test("our subscription gets its NOTIFYs by the dialog, and ends with the last", () => {
  const sim = simulate();
  const { sent, notify, id } = subscribe(sim);
  sim.peer(answer(sent, 200, OK));
  sim.pass(25);
  sim.drainTold();
  sim.peer(notify("active;expires=600", 1));
  const told = sim.drainTold().at(-1);
  expect([told?.tokens[9], told?.message.slice(0, 6)]).toEqual([id, "NOTIFY"]);
  sim.frame(1, `sip|${told?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  sim.peer(notify("terminated;reason=deactivated", 2));
  expect(sim.drainTold().at(-1)?.message.slice(0, 6)).toBe("NOTIFY");
  expect(dialogs(sim)).toBe(0);
});

test.each(["active;expires=600", "terminated;reason=noresource"])(
  "a NOTIFY (%s) that overtakes the answer to our SUBSCRIBE waits for it",
  (state) => {
    const sim = simulate();
    const { sent, notify, id } = subscribe(sim);
    sim.peer(notify(state, 1));
    expect(sim.drainTold()).toEqual([]);
    sim.peer(answer(sent, 200, OK));
    sim.pass(25);
    const told = sim.drainTold();
    expect(told.map(({ message, tokens }) => `${message.slice(0, 7)} ${tokens[9]}`)).toEqual([
      `SIP/2.0 ${id}`,
      `NOTIFY  ${id}`,
    ]);
    sim.frame(1, `sip|${told[1]?.tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
    expect(sim.drainSent().at(-1)).toBe("SIP/2.0 200 OK");
    sim.pass(HOUR_MS);
    expect(sim.core.figures()).toMatchObject({ dialogs: 0, serverTransactions: 0, clientTransactions: 0, waiting: 0 });
  },
);

test("a refused SUBSCRIBE leaves nothing, whatever came before", () => {
  const sim = simulate();
  const { sent, notify } = subscribe(sim);
  sim.peer(notify("active", 1));
  sim.peer(answer(sent, 489));
  sim.pass(HOUR_MS);
  expect(sim.core.figures()).toMatchObject({ dialogs: 0, serverTransactions: 0, clientTransactions: 0, waiting: 0 });
});

test("a NOTIFY of message waiting that nobody subscribed to, MESSAGE, PUBLISH, INFO and REFER reach the application", () => {
  const sim = simulate();
  const methods = ["NOTIFY", "MESSAGE", "PUBLISH", "INFO", "REFER"];
  sim.application(1, ...methods.map((method) => method.toLowerCase()));
  for (const method of methods) {
    const headers = ["Event: message-summary", "Refer-To: <sip:x@y>", "Content-Type: text/plain"];
    sim.peer(request({ method, callId: method, headers, body: "Messages-Waiting: yes\r\n" }), udpFlow());
    const told = sim.drainTold().at(-1);
    expect([told?.message.split(" ")[0], told?.message.endsWith("Messages-Waiting: yes\r\n")]).toEqual([method, true]);
    sim.frame(1, `sip|${told?.tokens[8]}|\r\nSIP/2.0 202 Accepted\r\nsip-etag: abc\r\n\r\n`);
    expect(headerOf(sim.last(), "sip-etag")).toBe("abc");
  }
});
