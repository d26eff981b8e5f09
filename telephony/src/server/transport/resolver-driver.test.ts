import { afterAll, beforeAll, expect, test } from "vitest";
import { startNameServer } from "../../../e2e/sip-transports-peers.ts";
import type { Hop, Listener } from "../core/state.ts";
import { createSipResolver, type SipResolver } from "./resolver-driver.ts";

const PLACE = { address: "127.29.41.54", port: 4054 };
const listeners: Listener[] = (["udp", "tcp", "tls"] as const).map((transport) => ({
  transport,
  address: "127.29.41.10",
  port: 5060,
}));
let server: Awaited<ReturnType<typeof startNameServer>>;
let resolver: SipResolver;

beforeAll(async () => {
  server = await startNameServer(PLACE, {
    "plain.test": [{ type: "A", address: "10.0.0.1" }],
    "tcp.test": [{ type: "A", address: "10.0.0.9" }],
    "_sip._tcp.tcp.test": [
      { type: "SRV", priority: 2, port: 5080, target: "plain.test" },
      { type: "SRV", priority: 1, port: 5070, target: "many.test" },
    ],
    "many.test": [
      { type: "A", address: "10.0.0.2" },
      { type: "A", address: "10.0.0.3" },
    ],
    "naptr.test": [
      { type: "NAPTR", order: 2, service: "SIP+D2U", replacement: "_sip._udp.naptr.test" },
      { type: "NAPTR", order: 1, service: "SIPS+D2T", replacement: "_sips._tcp.naptr.test" },
    ],
    "_sips._tcp.naptr.test": [{ type: "SRV", priority: 1, port: 5061, target: "plain.test" }],
    "_sip._udp.naptr.test": [{ type: "SRV", priority: 1, port: 5062, target: "plain.test" }],
    "closed.test": [{ type: "A", address: "10.0.0.4" }],
    "_sip._udp.closed.test": [{ type: "SRV", priority: 1, port: 5060, target: "gone.test" }],
  });
  resolver = createSipResolver({ listeners, servers: [`${PLACE.address}:${PLACE.port}`] });
});
afterAll(() => {
  resolver.close();
  server.close();
});

const find = async (host: string, given: Partial<Hop> = {}): Promise<string[]> => {
  const places = await resolver.resolve({ host, port: null, transport: null, secure: false, ...given });
  return places.map(({ transport, address, port }) => `${transport} ${address}:${port}`);
};

test.each([
  ["a bare host is UDP at 5060", "plain.test", {}, ["udp 10.0.0.1:5060"]],
  ["a bare host of `sips:` is TLS at 5061", "plain.test", { secure: true }, ["tls 10.0.0.1:5061"]],
  [
    "SRV gives transport, port and order; all addresses of a server stay together",
    "tcp.test",
    {},
    ["tcp 10.0.0.2:5070", "tcp 10.0.0.3:5070", "tcp 10.0.0.1:5080"],
  ],
  ["a port in the URI leaves SRV aside", "tcp.test", { port: 5099 }, ["udp 10.0.0.9:5099"]],
  ["a transport in the URI asks only for its own SRV", "tcp.test", { transport: "udp" }, ["udp 10.0.0.9:5060"]],
  ["NAPTR's order decides the transport", "naptr.test", {}, ["tls 10.0.0.1:5061", "udp 10.0.0.1:5062"]],
  ["`sips:` takes only the secure service of NAPTR", "naptr.test", { secure: true }, ["tls 10.0.0.1:5061"]],
  ["servers without an address leave the host's own", "closed.test", {}, ["udp 10.0.0.4:5060"]],
  ["a name that does not exist has no place", "nobody.test", {}, []],
] as const)("%s", async (_title, host, given, places) => {
  expect(await find(host, given)).toEqual(places);
});

test("the same question at the same time, and soon after, is asked once", async () => {
  const count = (): number => server.asked.filter((name) => name === "A plain.test").length;
  await find("plain.test", { port: 6000 });
  const before = count();
  await Promise.all([find("plain.test", { port: 6001 }), find("plain.test", { port: 6001 })]);
  await find("plain.test", { port: 6001 });
  expect(count()).toBe(before + 1);
});

test("a name server that does not answer costs a few seconds, not the call for ever", async () => {
  const lost = createSipResolver({ listeners, servers: ["127.29.41.54:4055"] });
  const started = performance.now();
  expect(await lost.resolve({ host: "plain.test", port: null, transport: null, secure: false })).toEqual([]);
  expect(performance.now() - started).toBeLessThan(8500);
  lost.close();
}, 12_000);
