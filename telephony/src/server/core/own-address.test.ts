import { expect, test } from "vitest";
import { headerOf } from "../message/index.ts";
import { request, simulate, tcpFlow } from "./simulation.ts";
import type { Listener } from "./state.ts";

const external = { address: "203.0.113.7", isLocal: (address: string) => address.startsWith("10.") };

test("peers outside of our networks see the external address in Via and Contact, those inside our own", () => {
  const sim = simulate({ external });
  sim.application(1);
  const headersTo = (host: string): string => {
    sim.frame(1, `sip||\r\nINVITE sip:bob@${host} SIP/2.0\r\nFrom: <sip:al@localhost>\r\n\r\n`);
    return `${headerOf(sim.last(), "via")} ${headerOf(sim.last(), "contact")} ${headerOf(sim.last(), "from")}`;
  };
  expect(headersTo("198.51.100.1").match(/203\.0\.113\.7:5060/g)).toHaveLength(3);
  expect(headersTo("10.0.0.20")).not.toContain("203.0.113.7");
});

test("`sips:` goes by TLS to port 5061 and gets a sips Contact; without a TLS listener it is refused", () => {
  const ask = "sip||\r\nINVITE sips:bob@10.0.0.20 SIP/2.0\r\n\r\n";
  const tls = { transport: "tls", address: "10.0.0.1", port: 5061 } as const;
  const sim = simulate({ listeners: [tls] });
  sim.application(1);
  sim.frame(1, ask);
  expect(sim.sent.at(-1)?.flow).toMatchObject({ transport: "tls", remote: { address: "10.0.0.20", port: 5061 } });
  expect(headerOf(sim.last(), "contact")).toBe("<sips:10.0.0.1:5061>");
  const plain = simulate();
  plain.application(1);
  plain.frame(1, ask);
  expect(plain.told.at(-1)?.tokens).toContain("requested protocol/transport not available");
});

test("applications are told all listeners, the external address first, and where we really listen", () => {
  const listeners: Listener[] = [
    { transport: "udp", address: "10.0.0.1", port: 5060 },
    { transport: "tls", address: "10.0.0.1", port: 5061 },
    { transport: "wss", address: "2001:db8::1", port: 443 },
  ];
  const sim = simulate({ external, listeners });
  sim.input({ type: "client-opened", client: 1, address: "127.0.0.1" });
  sim.frame(1, "authenticate|secret|");
  const [, , , ok, advertised, version, local] = sim.told[0]?.tokens ?? [];
  expect(ok).toBe("OK");
  expect(advertised).toBe("udp/203.0.113.7:5060,tls/203.0.113.7:5061,wss/[2001:db8::1]:443");
  expect(version).toMatch(/^v\d+\.\d+\.\d+/);
  expect(local).toBe("udp/10.0.0.1:5060,tls/10.0.0.1:5061,wss/[2001:db8::1]:443");
});

test("a response whose connection has ended goes to the port of the Via by a new one of the same transport", () => {
  const sim = simulate();
  sim.application(1, "invite");
  sim.input({ type: "connection-opened", connection: 4 });
  sim.peer(request({ method: "INVITE", transport: "TCP" }), tcpFlow(4));
  const transaction = sim.drainTold()[0]?.tokens[8] ?? "";
  sim.input({ type: "connection-closed", connection: 4 });
  sim.frame(1, `sip|${transaction}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(sim.sent.at(-1)?.text).toMatch(/^SIP\/2\.0 200/);
  expect(sim.sent.at(-1)?.flow).toMatchObject({
    transport: "tcp",
    remote: { address: "10.0.0.9", port: 5066 },
    connection: null,
  });
});

test("a browser that is gone cannot be answered, and the application is told so", () => {
  const ws = { transport: "ws", address: "10.0.0.1", port: 5080 } as const;
  const sim = simulate({ listeners: [ws] });
  const flow = { transport: "ws", local: ws, remote: { address: "10.0.0.9", port: 40_000 }, connection: 4 } as const;
  sim.application(1, "invite");
  sim.input({ type: "connection-opened", connection: 4 });
  sim.peer(request({ method: "INVITE", transport: "WS" }), flow);
  const transaction = sim.drainTold()[0]?.tokens[8] ?? "";
  sim.input({ type: "connection-closed", connection: 4 });
  sim.frame(1, `sip|${transaction}|\r\nSIP/2.0 200 OK\r\n\r\n`);
  expect(sim.told.at(-1)?.tokens.slice(3)).toEqual(["NOK", "transport for response has been shutdown or closed"]);
});
