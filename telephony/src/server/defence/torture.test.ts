import Srf from "drachtio-srf";
import { expect, test } from "vitest";
import { simulate, tcpFlow, udpFlow } from "../core/simulation.ts";
import { headerOf } from "../message/index.ts";
import { bytesOfVector, TORTURE } from "../message/vectors/torture.ts";
import { createStreamFramer } from "../transport/stream-framer.ts";

const VERBS = ["invite", "register", "options", "message", "subscribe", "notify", "info", "publish", "refer"];
/** The reader of the applications: what it cannot read makes them throw. */
const { SipMessage } = Srf as unknown as { SipMessage: new (text: string) => { method: string; body: string } };

test.each(TORTURE)("$section, $about: $wanted $reason", (vector) => {
  const sim = simulate();
  sim.application(1, ...VERBS);
  sim.input({ type: "message", flow: udpFlow(), bytes: bytesOfVector(vector) });
  const told = sim.drainTold();
  const answers = sim.sent.filter(({ text }) => !text.startsWith("SIP/2.0 100"));
  if (vector.wanted === "to application") {
    expect(answers).toEqual([]);
    expect(told.length).toBe(1);
    expect(new SipMessage(told[0]?.message ?? "").method).toBe(told[0]?.message.split(" ")[0]);
    sim.frame(1, `sip|${told[0]?.tokens[8]}|\r\nSIP/2.0 486 Busy Here\r\n\r\n`);
    expect(sim.drainSent().at(-1)).toBe("SIP/2.0 486 Busy Here");
  } else {
    expect(told).toEqual([]);
    expect(answers.map(({ message }) => message.kind === "response" && message.status)).toEqual(
      vector.wanted === "silence" ? [] : [vector.wanted],
    );
    if (vector.reason !== undefined) expect(answers[0]?.message).toMatchObject({ reason: vector.reason });
  }
  sim.input({ type: "client-closed", client: 1 });
  sim.pass(3_600_000);
  expect(sim.core.figures()).toMatchObject({ serverTransactions: 0, clientTransactions: 0, dialogs: 0, waiting: 0 });
});

test("an option nobody knows is named in Unsupported; what only proxies need is not", () => {
  const sim = simulate();
  sim.application(1, ...VERBS);
  const vector = TORTURE.find(({ wanted }) => wanted === 420)!;
  sim.input({ type: "message", flow: udpFlow(), bytes: bytesOfVector(vector) });
  expect(headerOf(sim.last(), "unsupported")).toBe("nothingSupportsThis, nothingSupportsThisEither");
});

test("two requests whose branch is the bare cookie are two requests", () => {
  const sim = simulate();
  sim.application(1, ...VERBS);
  const bytes = bytesOfVector(TORTURE.find(({ file }) => file.includes("badbranch"))!);
  sim.input({ type: "message", flow: udpFlow(), bytes });
  const other = Buffer.from(bytes.toString("latin1").replace("badbranch.", "another."), "latin1");
  sim.input({ type: "message", flow: udpFlow(), bytes: other });
  expect(sim.drainTold().length).toBe(2);
});

test("on a stream each message is cut where it ends or the stream is refused, and what came before is not lost", () => {
  const sound = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 2\r\n\r\nok";
  for (const vector of TORTURE) {
    const bytes = bytesOfVector(vector);
    const stream = Buffer.concat([Buffer.from(sound), bytes, Buffer.from(sound)]);
    for (const step of [1, 7, stream.length]) {
      const framer = createStreamFramer(65_536);
      const pieces = [];
      for (let at = 0; at < stream.length; at += step) pieces.push(...framer.push(stream.subarray(at, at + step)));
      const [first, second] = pieces;
      expect(first, vector.file).toMatchObject({ type: "message" });
      if (first?.type === "message") expect(first.bytes.toString()).toBe(sound);
      const sim = simulate();
      sim.application(1, ...VERBS);
      if (second?.type === "message") sim.input({ type: "message", flow: tcpFlow(1), bytes: second.bytes });
      else expect(second === undefined ? framer.heldBytes > 0 : second.type === "fault", vector.file).toBe(true);
    }
  }
});
