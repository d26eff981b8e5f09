import fc from "fast-check";
import { expect, test } from "vitest";
import { headerOf, parseMessage, readEssentials, tagOf } from "../message/index.ts";
import { answer, request, simulate, tcpFlow, udpFlow } from "./simulation.ts";

const METHODS = [
  "INVITE",
  "ACK",
  "BYE",
  "CANCEL",
  "OPTIONS",
  "REGISTER",
  "INFO",
  "MESSAGE",
  "PRACK",
  "UPDATE",
  "NOTIFY",
  "SUBSCRIBE",
];
/** Calls matter most, so INVITE, ACK and BYE come often. */
const WEIGHTED = [
  ...METHODS,
  ...Array<string>(8).fill("INVITE"),
  ...Array<string>(4).fill("ACK"),
  ...Array<string>(3).fill("BYE"),
];
const weighted = <T>(weight: number, shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => ({
  weight,
  arbitrary: fc.record(shape) as fc.Arbitrary<T>,
});
const recent = fc.nat(2);
const step = fc.oneof(
  weighted(8, {
    do: fc.constant("peer asks" as const),
    method: fc.constantFrom(...WEIGHTED),
    call: fc.nat(3),
    seq: fc.integer({ min: 1, max: 3 }),
    inDialog: fc.boolean(),
    tcp: fc.boolean(),
    reliable: fc.boolean(),
  }),
  weighted(6, {
    do: fc.constant("peer answers" as const),
    which: recent,
    status: fc.constantFrom(100, 180, 183, 200, 200, 200, 200, 202, 302, 401, 422, 481, 486, 491, 503),
    tag: fc.constantFrom("a", "a", "a", "b"),
    rseq: fc.boolean(),
  }),
  weighted(4, {
    do: fc.constant("called side asks" as const),
    which: recent,
    method: fc.constantFrom("BYE", "UPDATE", "INVITE", "INFO", "NOTIFY", "ACK"),
    tag: fc.constantFrom("a", "a", "b"),
    seq: fc.integer({ min: 1, max: 4 }),
  }),
  weighted(8, {
    do: fc.constant("application answers" as const),
    which: recent,
    status: fc.constantFrom(100, 180, 183, 200, 200, 200, 200, 202, 302, 401, 486, 500),
    reliable: fc.boolean(),
  }),
  weighted(2, {
    do: fc.constant("application proxies" as const),
    which: recent,
    parallel: fc.boolean(),
    flags: fc.constantFrom("|fullResponse|", "remainInDialog|fullResponse|followRedirects", "||"),
    times: fc.constantFrom("|", "1s|3s"),
  }),
  weighted(4, {
    do: fc.constant("application asks" as const),
    method: fc.constantFrom(...WEIGHTED),
    tcp: fc.boolean(),
  }),
  weighted(4, {
    do: fc.constant("application asks in a dialog" as const),
    method: fc.constantFrom(...WEIGHTED),
    which: recent,
  }),
  weighted(1, { do: fc.constant("application cancels" as const), which: recent }),
  weighted(3, { do: fc.constant("time passes" as const), ms: fc.constantFrom(1, 3, 30, 30, 600, 5000, 40_000) }),
  weighted(1, { do: fc.constant("application dies and another comes" as const) }),
  weighted(1, { do: fc.constant("connection comes or goes" as const) }),
  weighted(1, { do: fc.constant("sending fails" as const), which: recent }),
);

test("whatever peers and applications do, nothing throws, all that is sent is sound, and nothing is kept for ever", () => {
  let mostDialogs = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const sim = simulate();
      const verbs = METHODS.map((method) => method.toLowerCase());
      let client = 1;
      let connection = false;
      sim.application(client, ...verbs);
      const toldIds: string[] = [];
      const dialogIds: string[] = [];
      const askedIds: string[] = [];
      const askedMessages: ReturnType<typeof sim.last>[] = [];
      const localTags = new Map<string, string>();
      const pick = <T>(list: readonly T[], which: number): T | undefined => list[list.length - 1 - which];

      const harvest = (): void => {
        for (const { tokens } of sim.drainTold()) {
          if (tokens[1] === "sip" && tokens[2] === "network") {
            toldIds.push(tokens[8] ?? "");
            if (tokens[9] !== undefined && tokens[9] !== "") dialogIds.push(tokens[9]);
          }
          if (tokens[3] === "OK" && tokens[4] === "application") {
            if (tokens[11] === "Msg sent:") askedIds.push(tokens[10] ?? "");
            else if (tokens[11] !== undefined && tokens[11] !== "") dialogIds.push(tokens[11]);
          }
        }
        for (const { message } of sim.sent.splice(0)) {
          expect("missing" in readEssentials(message)).toBe(false);
          if (message.kind === "request" && message.method !== "ACK") askedMessages.push(message);
          if (message.kind === "response") {
            const tag = tagOf(headerOf(message, "to") ?? "");
            if (tag !== null) localTags.set(headerOf(message, "call-id") ?? "", tag);
          }
        }
      };

      for (const action of steps) {
        switch (action.do) {
          case "peer asks": {
            const callId = `call-${action.call}`;
            const tag = localTags.get(callId);
            sim.peer(
              request({
                method: action.method,
                callId,
                seq: action.seq,
                branch: `z9hG4bK-${action.call}-${action.seq}-${["ACK", "CANCEL"].includes(action.method) && !action.inDialog ? "INVITE" : action.method}`,
                ...(action.inDialog && tag !== undefined ? { toTag: tag } : {}),
                headers: action.reliable
                  ? ["Supported: 100rel, timer", "RAck: 2 1 INVITE", "Session-Expires: 100;refresher=uas"]
                  : [],
              }),
              action.tcp ? tcpFlow(7) : udpFlow(),
            );
            break;
          }
          case "peer answers": {
            const to = pick(askedMessages, action.which);
            const headers = [
              "Contact: <sip:bob@10.0.0.9:5066>",
              "Min-SE: 300",
              ...(action.rseq ? ["Require: 100rel", "RSeq: 1", "Session-Expires: 100", "Allow: UPDATE"] : []),
            ];
            if (to !== undefined) sim.peer(answer(to, action.status, { toTag: action.tag, headers }));
            break;
          }
          case "called side asks": {
            // Only what we asked is known to have a From tag of ours.
            const asked = pick(askedMessages, action.which);
            if (asked === undefined) break;
            const { method, seq, tag } = action;
            const text = request({
              method,
              seq,
              branch: `z9hG4bK-${headerOf(asked, "call-id")}-${tag}-${method}-${seq}`,
              callId: headerOf(asked, "call-id") ?? "",
              headers: ["Subscription-State: terminated", "Session-Expires: 100", "Supported: timer"],
            });
            sim.peer(
              text
                .replace(/^From: .*$/m, `From: <sip:bob@10.0.0.9>;tag=${tag}`)
                .replace(/^To: .*$/m, `To: ${headerOf(asked, "from")}`),
            );
            break;
          }
          case "application answers": {
            const id = pick(toldIds, action.which);
            if (id === undefined) break;
            const require = action.reliable ? "Require: 100rel\r\n" : "";
            sim.frame(client, `sip|${id}|\r\nSIP/2.0 ${action.status} X\r\n${require}\r\n`);
            break;
          }
          case "application proxies": {
            const id = pick(toldIds, action.which);
            const mode = action.parallel ? "simultaneous" : "serial";
            const targets = "sip:a@10.0.0.9:5081|sip:b@10.0.0.9:5082;transport=tcp";
            sim.frame(
              client,
              `proxy|${id}|${action.flags}|${mode}|${action.times}|${targets}\r\nINVITE sip:x SIP/2.0\r\n\r\n`,
            );
            break;
          }
          case "application asks":
            sim.frame(
              client,
              `sip||\r\n${action.method} sip:bob@10.0.0.9:5066${action.tcp ? ";transport=tcp" : ""} SIP/2.0\r\nsession-expires: 100\r\n\r\n`,
            );
            break;
          case "application asks in a dialog": {
            const id = pick(dialogIds, action.which);
            if (id === undefined) break;
            sim.frame(client, `sip||${id}\r\n${action.method} sip:placeholder SIP/2.0\r\n\r\n`);
            break;
          }
          case "application cancels": {
            const id = pick(askedIds, action.which);
            if (id === undefined) break;
            sim.frame(client, `sip|${id}|\r\nCANCEL sip:x SIP/2.0\r\n\r\n`);
            break;
          }
          case "time passes":
            sim.pass(action.ms);
            break;
          case "application dies and another comes":
            sim.input({ type: "client-closed", client });
            sim.application(++client, ...verbs);
            break;
          case "connection comes or goes":
            sim.input({ type: connection ? "connection-closed" : "connection-opened", connection: 7 });
            connection = !connection;
            break;
          case "sending fails": {
            const transaction = pick(sim.transactions, action.which);
            if (transaction !== undefined) sim.input({ type: "send-failed", transaction });
          }
        }
        harvest();
        mostDialogs = Math.max(mostDialogs, sim.core.figures().dialogs);
      }
      sim.input({ type: "client-closed", client });
      sim.pass(4 * 3_600_000);
      harvest();
      const { serverTransactions, clientTransactions, dialogs, waiting } = sim.core.figures();
      expect({ serverTransactions, clientTransactions, dialogs, waiting }).toEqual({
        serverTransactions: 0,
        clientTransactions: 0,
        dialogs: 0,
        waiting: 0,
      });
    }),
    { numRuns: 400 },
  );
  expect(mostDialogs).toBeGreaterThan(1); // the walks did lead somewhere
});

test("no datagram makes the core throw", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...METHODS),
      fc.array(
        fc.tuple(
          fc.nat(400),
          fc.constantFrom(";", ",", "<", ">", '"', ":", "\r\n", " ", "@", "=", "tag=", "\0", "9999999999"),
        ),
      ),
      (method, changes) => {
        const sim = simulate();
        sim.application(1, ...METHODS.map((name) => name.toLowerCase()));
        let text = request({ method, headers: ["Contact: <sip:a@b>", "Record-Route: <sip:p;lr>"] });
        for (const [at, put] of changes) text = text.slice(0, at) + put + text.slice(at + 1);
        sim.peer(text);
        for (const { tokens, message } of sim.drainTold()) {
          // What reaches an application must be readable there.
          expect(parseMessage(Buffer.from(message, "latin1")).kind).toBe("request");
          sim.frame(1, `sip|${tokens[8]}|\r\nSIP/2.0 200 OK\r\n\r\n`);
        }
        sim.pass(100_000);
      },
    ),
    { numRuns: 1000 },
  );
});
