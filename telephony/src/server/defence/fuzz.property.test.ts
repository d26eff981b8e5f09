import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import Srf from "drachtio-srf";
import { describe, expect, test } from "vitest";
import { createFrameReader, frameOf } from "../control/frame.ts";
import { answer, request, simulate, tcpFlow, udpFlow } from "../core/simulation.ts";
import {
  headerOf,
  markVia,
  paramOf,
  parseMessage,
  parseNameAddr,
  parseUri,
  parseVia,
  readEssentials,
  serialise,
  splitList,
  tagOf,
} from "../message/index.ts";
import { createStreamFramer } from "../transport/stream-framer.ts";
import { type Dice, diceOf, mutate, pickOf } from "./mutate.ts";

/**
 * Spoilt messages against everything that reads. In the unit tests a fixed seed and a few thousand rounds; for hours with
 * `INTRAMUROS_FUZZ_SECONDS=3600` (and `INTRAMUROS_FUZZ_SEED=…` to see a run again).
 */
const SECONDS = Number(process.env.INTRAMUROS_FUZZ_SECONDS ?? 0);
const SEED = Number(process.env.INTRAMUROS_FUZZ_SEED ?? (SECONDS > 0 ? Date.now() % 1e9 : 20_260_723));
const TIMEOUT_MS = (SECONDS + 60) * 1000;

const vectors = path.join(import.meta.dirname, "../message/vectors");
const CALL = { callId: "call-1", seq: 1 };
const SEEDS: readonly Buffer[] = [
  ...globSync("*/*.dat", { cwd: vectors })
    .sort()
    .map((file) => readFileSync(path.join(vectors, file))),
  ...["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "REGISTER", "INFO", "PRACK", "UPDATE", "REFER", "SUBSCRIBE"].map(
    (method) =>
      Buffer.from(request({ method, ...CALL, headers: ["Supported: 100rel", "Contact: <sip:peer@10.0.0.9:5066>"] })),
  ),
];
const spoilt = (dice: Dice): Buffer => mutate(pickOf(dice, SEEDS), pickOf(dice, SEEDS), dice);
const { SipMessage } = Srf as unknown as { SipMessage: new (text: string) => unknown };

/** Runs rounds for the given number, or in a soak for its time; says the seed of the round that failed. */
function rounds(name: string, count: number, round: (dice: Dice) => void): void {
  const endMs = performance.now() + SECONDS * 1000;
  let done = 0;
  for (; SECONDS > 0 ? performance.now() < endMs : done < count; done++) {
    const seed = SEED + done;
    try {
      round(diceOf(seed));
    } catch (error) {
      throw new Error(`${name}: INTRAMUROS_FUZZ_SEED=${seed}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  if (SECONDS > 0) console.log(`${name}: ${done} rounds from seed ${SEED}, nothing thrown`);
}

test(
  "the parser says what is wrong, reads its own writing back, and no reader of values throws",
  { timeout: TIMEOUT_MS },
  () =>
    rounds("parser", 8000, (dice) => {
      const message = parseMessage(spoilt(dice));
      if (message.kind === "fault") {
        if (message.reason === "" || /[\r\n]/.test(message.reason)) throw new Error("a fault without a clean reason");
        return;
      }
      readEssentials(message);
      const again = parseMessage(serialise(message));
      if (again.kind !== message.kind || again.headers.length !== message.headers.length) {
        throw new Error("written and read again it is another message");
      }
      for (const { value } of message.headers) {
        parseNameAddr(value);
        parseVia(value);
        parseUri(value);
        tagOf(value);
        paramOf(value, "tag");
        for (const item of splitList(value)) parseNameAddr(item);
        if (/[\r\n]/.test(markVia(value, { received: "10.0.0.9", rport: 1 }))) throw new Error("a line break in a Via");
      }
    }),
);

test("a stream gives the same however it is cut", { timeout: TIMEOUT_MS }, () =>
  rounds("framer", 1500, (dice) => {
    const stream = Buffer.concat(
      Array.from({ length: 1 + dice(4) }, () => (dice(2) === 0 ? pickOf(dice, SEEDS) : spoilt(dice))),
    );
    const read = (step: () => number): string[] => {
      const framer = createStreamFramer(65_536);
      const got: string[] = [];
      for (let at = 0; at < stream.length; ) {
        const end = at + step();
        for (const piece of framer.push(stream.subarray(at, end))) {
          // A CRLF more or less between messages makes a ping or none.
          if (piece.type === "message") got.push(piece.bytes.toString("latin1"));
          else if (piece.type === "fault") got.push(piece.reason);
        }
        at = end;
      }
      return got;
    };
    expect(read(() => 1 + dice(700))).toEqual(read(() => stream.length));
  }),
);

/** The same as another call. */
const fresh = (bytes: Buffer, dice: Dice): Buffer => {
  const text = bytes.toString("latin1").replaceAll(/z9hG4bK[\w-]*/g, `z9hG4bK${dice(1e9)}`);
  return Buffer.from(text.replace(/^(Call-ID|i): */im, `$1: ${dice(8)}-`), "latin1");
};

/** What a look-up of a name finds: nothing as often as a peer. */
const placesAtRandom = (dice: Dice) =>
  dice(2) === 0 ? [] : [{ transport: "udp" as const, address: "10.0.0.9", port: 5066 + dice(2) }];

describe("the server", () => {
  const VERBS = ["invite", "register", "options", "message", "subscribe", "notify", "info", "publish", "refer"];

  let lives = 0;
  let livesWithCalls = 0;

  /** A peer and an application who both speak nonsense as often as sense, for a while; then nothing may be left. */
  function life(dice: Dice): void {
    const sim = simulate({ maxRequestsPerSecond: dice(4) === 0 ? 50 : 0, takeoverMs: dice(2) * 60_000 });
    sim.application(1, ...VERBS);
    const ids: string[] = [];
    const dialogs: string[] = [];
    const resolve = (): void => {
      for (const output of sim.others.splice(0)) {
        if (output.type !== "resolve") continue;
        sim.input({ type: "resolved", lookup: output.lookup, places: placesAtRandom(dice) });
      }
    };
    const frames = [
      () =>
        `sip|${pickOf(dice, ids.slice(-3))}|\r\nSIP/2.0 ${pickOf(dice, [100, 180, 183, 200, 200, 200, 302, 401, 486, 699])} X\r\n\r\n`,
      () => `sip|${pickOf(dice, ids.slice(-3))}|\r\nSIP/2.0 183 X\r\nRequire: 100rel\r\n\r\nv=0\r\n`,
      () =>
        `sip|||sip:10.0.0.9\r\n${pickOf(dice, ["INVITE", "OPTIONS", "MESSAGE", "SUBSCRIBE"])} sip:bob@10.0.0.9:5066 SIP/2.0\r\n\r\n`,
      () =>
        `sip||${pickOf(dice, dialogs.slice(-3))}\r\n${pickOf(dice, ["ACK", "BYE", "INVITE", "INFO", "REFER", "UPDATE"])} sip:p SIP/2.0\r\n\r\n`,
      () =>
        `proxy|${pickOf(dice, ids.slice(-3))}|remainInDialog|fullResponse||serial|||sip:10.0.0.9:5067|sip:10.0.0.8\r\nINVITE sip:x SIP/2.0\r\n\r\n`,
      () => "route|invite",
      () => "remove_route|options",
      () => "ping",
    ];
    let called = false;
    for (let n = 60; n > 0; n--) {
      switch (dice(10)) {
        case 0:
        case 1:
        case 2:
          sim.input({ type: "message", flow: dice(4) === 0 ? tcpFlow(7) : udpFlow(), bytes: spoilt(dice) });
          break;
        case 3:
          sim.input({ type: "message", flow: udpFlow(), bytes: fresh(pickOf(dice, SEEDS), dice) });
          break;
        case 4: {
          const headers = dice(2) === 0 ? ["Supported: 100rel, timer", "Session-Expires: 90"] : [];
          sim.peer(request({ method: "INVITE", callId: `call-${dice(8)}`, branch: `z9hG4bK${dice(1e9)}`, headers }));
          break;
        }
        case 5: {
          const asked = sim.sent.findLast(({ message }) => message.kind === "request");
          if (asked === undefined) break;
          const headers = [
            "Contact: <sip:bob@10.0.0.9:5066>",
            ...(dice(3) === 0 ? ["Require: 100rel", "RSeq: 1"] : []),
          ];
          const bytes = Buffer.from(
            answer(asked.message, pickOf(dice, [100, 180, 200, 200, 404]), { headers }),
            "latin1",
          );
          sim.input({
            type: "message",
            flow: udpFlow(),
            bytes: dice(2) === 0 ? bytes : mutate(bytes, pickOf(dice, SEEDS), dice),
          });
          break;
        }
        case 6: {
          // In the call that was made last, as its tag on our side lets one guess.
          const made = sim.sent.findLast(
            ({ message }) => message.kind === "response" && tagOf(headerOf(message, "to") ?? "") !== null,
          );
          if (made === undefined) break;
          const method = pickOf(dice, ["ACK", "BYE", "INVITE", "INFO", "UPDATE", "PRACK", "REFER", "NOTIFY"]);
          const shape = {
            method,
            callId: headerOf(made.message, "call-id") ?? "",
            toTag: tagOf(headerOf(made.message, "to") ?? "") ?? "",
            seq: dice(4),
            branch: `z9hG4bK${n}`,
          };
          const from = headerOf(made.message, "from") ?? "";
          const bytes = Buffer.from(
            request(shape).replace(/^From: .*$/m, () => `From: ${from}`),
            "latin1",
          );
          sim.input({
            type: "message",
            flow: udpFlow(),
            bytes: dice(3) > 0 ? bytes : mutate(bytes, pickOf(dice, SEEDS), dice),
          });
          break;
        }
        case 7:
        case 8: {
          const text = ids.length + dialogs.length === 0 ? "route|invite" : pickOf(dice, frames)();
          const frame = Buffer.from(text, "latin1");
          sim.frame(1, dice(2) === 0 ? text : mutate(frame, pickOf(dice, SEEDS), dice).toString("latin1"));
          break;
        }
        default:
          sim.pass(pickOf(dice, [1, 30, 600, 5000, 40_000]));
      }
      resolve();
      called ||= sim.core.figures().dialogs > 0;
      for (const { tokens, message } of sim.drainTold()) {
        if (message !== "") new SipMessage(message);
        if (tokens[8] !== undefined && tokens[1] === "sip") ids.push(tokens[8]);
        if (tokens[9]?.includes(";from-tag=")) dialogs.push(tokens[9]);
        if (tokens[11]?.includes(";from-tag=")) dialogs.push(tokens[11]);
      }
    }
    lives++;
    if (called) livesWithCalls++;
    sim.input({ type: "client-closed", client: 1 });
    for (let n = 0; n < 3; n++) {
      sim.pass(2 * 3_600_000);
      resolve();
    }
    const { serverTransactions, clientTransactions, dialogs: left, waiting } = sim.core.figures();
    const kept = serverTransactions + clientTransactions + left + waiting;
    if (kept > 0) throw new Error(`kept for ever: ${JSON.stringify(sim.core.figures())}`);
  }

  test("nothing throws, all that leaves is sound, applications can read all they get, and in the end nothing is kept", {
    timeout: TIMEOUT_MS,
  }, () => {
    rounds("server", 300, life);
    // The nonsense must lead somewhere.
    expect(livesWithCalls / lives).toBeGreaterThan(0.2);
  });

  test("who has not shown the secret changes nothing, whatever it says", { timeout: TIMEOUT_MS }, () =>
    rounds("strangers", 400, (dice) => {
      const sim = simulate();
      sim.input({ type: "client-opened", client: 9, address: "127.0.0.1" });
      const words = [
        "route|invite",
        "sip||\r\nOPTIONS sip:10.0.0.9 SIP/2.0\r\n\r\n",
        "proxy|x|",
        "ping",
        "authenticate|wrong|",
      ];
      for (let n = 5; n > 0; n--) {
        const frame = frameOf(`id|${pickOf(dice, words)}`);
        const bytes = mutate(Buffer.from(frame, "latin1"), pickOf(dice, SEEDS), dice);
        for (const payload of createFrameReader().push(bytes).frames) {
          if (!payload.includes("authenticate|secret")) sim.input({ type: "frame", client: 9, payload });
        }
        sim.frame(9, pickOf(dice, words));
      }
      expect(sim.sent).toEqual([]);
      expect(sim.core.figures()).toMatchObject({ applications: 0, routed: false, clientTransactions: 0, dialogs: 0 });
    }),
  );
});
