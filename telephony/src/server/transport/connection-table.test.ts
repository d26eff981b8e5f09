import { expect, test } from "vitest";
import type { Flow } from "../core/state.ts";
import { CONNECTION_LIMITS, type Connection, createConnectionTable, judge, noteHeard } from "./connection-table.ts";

const local = { transport: "tcp", address: "10.0.0.1", port: 5060 } as const;
const remote = { address: "10.0.0.9", port: 5061 };
const silentLink = { write() {}, ping() {}, destroy() {}, queuedBytes: 0 };
const tableOf = (changes = {}) => {
  const closed: number[] = [];
  const events = { message() {}, opened() {}, closed: (id: number) => void closed.push(id) };
  return { closed, table: createConnectionTable(events, { ...CONNECTION_LIMITS, ...changes }) };
};
const dialled = (given: Partial<Connection> = {}): Connection => {
  const connection = tableOf().table.add({ transport: "tcp", local, remote }, silentLink, { dialled: true, now: 0 });
  return Object.assign(connection, { ready: true }, given);
};
const CRLF = Buffer.from("\r\n");

test("a connection that we opened is pinged after 90 s of silence; a peer that never answered pings is left alone", () => {
  const connection = dialled();
  expect(judge(connection, 89_000, CONNECTION_LIMITS)).toBe(null);
  expect(judge(connection, 90_001, CONNECTION_LIMITS)).toBe("ping");
  connection.pingedAt = 90_001;
  expect(judge(connection, 101_000, CONNECTION_LIMITS)).toBe(null);
  expect(judge(connection, 181_000, CONNECTION_LIMITS)).toBe("ping");
});

test("a peer that has answered pings and stops is gone after 10 s", () => {
  const connection = dialled({ pingedAt: 90_000 });
  expect(noteHeard(connection, CRLF, 90_100)).toBe(true);
  connection.pingedAt = 181_000;
  expect(judge(connection, 190_000, CONNECTION_LIMITS)).toBe(null);
  expect(judge(connection, 191_100, CONNECTION_LIMITS)).toBe("no answer to keep-alive");
});

test("an unasked CRLF is no answer to a ping, a message is a sign of life", () => {
  expect(noteHeard(dialled(), CRLF, 5)).toBe(false);
  const connection = dialled({ pingedAt: 90_000 });
  expect(noteHeard(connection, Buffer.from("OPTIONS"), 90_100)).toBe(false);
  expect(connection.pingedAt).toBe(null);
  expect(connection.answersPings).toBe(false);
});

test.each<[string, Partial<Connection>, number, string]>([
  ["that does not come about", { ready: false }, 8001, "no connection in time"],
  [
    "opened for the size of a request alone",
    { ready: false, flow: { transport: "tcp", local, remote, connection: 1, mayStream: true } },
    1501,
    "no connection in time",
  ],
  ["whose message trickles", { messageSince: 100 }, 32_101, "message too slow"],
  ["of a peer that says nothing", { dialled: false }, 60_001, "no message in time"],
  ["of a peer that fell silent", { dialled: false, proven: true }, 3_600_001, "idle"],
])("a connection %s ends", (_name, given, now, verdict) => {
  const connection = { ...dialled(), ...given };
  expect(judge(connection, now - 2, CONNECTION_LIMITS)).toBe(null);
  expect(judge(connection, now, CONNECTION_LIMITS)).toBe(verdict);
});

test("one source cannot take the places of the others, and gives them back", () => {
  const { table } = tableOf({ maxConnectionsPerSource: 2, maxConnections: 3 });
  expect([table.enter("a"), table.enter("a"), table.enter("a"), table.enter("b"), table.enter("c")]).toEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
  table.leave("a");
  expect(table.enter("c")).toBe(true);
});

test("a source that opens connections faster than allowed waits for the next second", () => {
  const { table } = tableOf({ maxNewPerSecond: 2 });
  const open = (): boolean => table.enter("a");
  expect([open(), open(), open()]).toEqual([true, true, false]);
  for (let i = 0; i < 2; i++) table.leave("a");
  expect(open()).toBe(false);
  table.sweep(1000);
  expect(open()).toBe(true);
});

test("a TLS connection checked for one name does not serve another, but the bare address takes it", () => {
  const { table } = tableOf();
  const flow: Flow = { transport: "tls", local, remote, connection: null, name: "pbx.test" };
  const connection = table.add({ transport: "tls", local, remote, name: "pbx.test" }, silentLink, {
    dialled: true,
    now: 0,
  });
  expect(table.find(flow)).toBe(connection);
  expect(table.find({ ...flow, name: "other.test" })).toBe(undefined);
  expect(table.find({ ...flow, name: remote.address })).toBe(connection);
});

test("what was sent before the peer's first word fails with the connection, what came after does not", () => {
  const { table, closed } = tableOf();
  const connection = table.add({ transport: "tcp", local, remote }, silentLink, { dialled: true, now: 0 });
  const faults: (string | null)[] = [];
  connection.waiting.push((why) => faults.push(why));
  connection.why = "connection refused";
  table.remove(connection);
  table.remove(connection);
  expect(faults).toEqual(["connection refused"]);
  expect(closed).toEqual([connection.id]);
});
