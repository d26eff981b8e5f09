import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import t from "tap";
import { digestAnswer, parseChallenges } from "../src/trunk/digest-answer.ts";
import { step } from "./call-caller.ts";
import { Attached, openHouse, until } from "./call-support.ts";
import { optional, pause, receive, scenario, sipp } from "./sip-support.ts";
import { Talker, talkerRequest } from "./sip-transports-peers.ts";
import {
  answered,
  customer,
  type Kamailio,
  routed,
  startKamailio,
  trunkSetup,
  trunkStatus,
  uac,
  uas,
  untilStatus,
} from "./trunk-support.ts";

/**
 * Kamailio as the PBX that we register with and call through; peers that are dead, refuse, die and come back; a PBX that registers
 * with us.
 */
t.setTimeout(120_000);
const net = 45;
const base = 45_000;
const pbx = `127.29.${net}.20`;
const house = openHouse({ net, base, telephony: { rtpPortMin: base + 400, rtpPortMax: base + 599 } });
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-trunk-"));
const ports = {
  registrar: base + 160,
  refusing: base + 161,
  callee: base + 170,
  customer: base + 180,
  theirs: base + 190,
};
const routes = (algorithm: string): string => `
modparam("auth", "algorithm", "${algorithm}")
request_route {
  if (!mf_process_maxfwd_header("10")) exit;
  if (is_method("OPTIONS") && $rU == $null) { sl_send_reply("200", "OK"); exit; }
  if ($Rp == ${ports.refusing}) { sl_send_reply("503", "Full"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) { if (loose_route()) { t_relay(); exit; } if (is_method("ACK")) exit; sl_send_reply("404", "Gone"); exit; }
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("bank", "a password", "0")) { www_challenge("bank", "1"); exit; }
    xlog("L_ERR", "REGISTER of $tU expires $hdr(Expires) by $hdr(Authorization)\\n");
    save("location");
    exit;
  }
  record_route();
  if ($rU == "trunk1") { if (!lookup("location")) { sl_send_reply("404", "No"); exit; } t_relay(); exit; }
  if (!pv_proxy_authenticate("bank", "a password", "0")) { proxy_challenge("bank", "1"); exit; }
  xlog("L_ERR", "INVITE to $rU from $fU asserted $hdr(P-Asserted-Identity)\\n");
  consume_credentials();
  $du = "sip:${pbx}:${ports.callee}";
  t_relay();
}
`;
const kamailio = (algorithm = "MD5"): Kamailio =>
  startKamailio(folder, {
    listen: [`udp:${pbx}:${ports.registrar}`, `udp:${pbx}:${ports.refusing}`],
    routes: routes(algorithm),
  });
let pbxRuns: Kamailio | null = null;
let app: Attached;
const peer = (port: number, priority = 0) => ({ host: pbx, port, transport: "udp" as const, priority, weight: 1 });
const account = { username: "trunk1", password: "a password", domain: "bank", expiresSeconds: 60 };
const keepalive = { optionsSeconds: 1, downSeconds: 5, failures: 1 };
const customers = { name: "customers", addresses: [`127.29.${net}.100`] };
const ours = { name: "ours", mode: "register" as const, peers: [peer(ports.registrar)], account, keepalive };
const hunting = {
  name: "hunting",
  peers: [peer(base + 199), peer(ports.refusing, 1), peer(ports.registrar, 2)],
  account: { username: "trunk1", password: "a password" },
  keepalive: { optionsSeconds: 0, failures: 1 },
};

t.before(async () => {
  pbxRuns = kamailio();
  await Promise.all([house.start("sip"), house.start("telephony")]);
  app = new Attached(house.home, { setup: trunkSetup(1, { customers, ours }, [{ trunkId: "ours", number: "2001" }]) });
});
t.teardown(async () => {
  app?.close();
  await pbxRuns?.stop();
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

let customerPort = ports.customer;
/** A customer calls, is answered and handed to the queue; stays until the call is ended. */
async function handOver() {
  const seq = Math.max(0, ...app.events.map((event) => event.seq)); // those that are not kept have 0
  const run = sipp(folder, {
    scenario: customer(),
    from: `127.29.${net}.100:${customerPort++}`,
    to: `${house.sip.address}:${house.sip.port}`,
  });
  const { callId } = await app.wait("offered", (_, event) => event.seq > seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  app.send({ handoff: { callId, queueId: "queue-1", reason: "asked" } });
  const end = async (): Promise<number | null> => {
    app.send({ hangUp: { callId, reason: "test" } });
    return (await run).code;
  };
  return { callId, end };
}
const callee = (steps: readonly string[], port = ports.callee) =>
  sipp(folder, { scenario: scenario(...steps), from: `${pbx}:${port}`, timeoutSeconds: 25 });
const rings = [uas.invite(), uas.ringing(), pause(200), uas.ok(), uas.untilBye()];

t.test("we register by digest, and the state says until when", async (t) => {
  const status = await untilStatus(
    house.home,
    "ours",
    ({ state, peers }) => state === "up" && peers[0]?.state === "up",
  );
  t.match(status.registration, { direction: "ours", registered: true, lastCode: 200, problem: "" });
  t.ok((status.registration?.until ?? 0) > Date.now() + 50_000);
  t.match(status.peers, [{ state: "up", lastCode: 200, address: `${pbx}:${ports.registrar}` }]);
  await app.wait("trunkState", (trunkState) => trunkState.trunkId === "ours" && trunkState.state === "up");
});

t.test("a call to what we registered is the trunk's, whoever called it", async (t) => {
  const run = await sipp(folder, {
    scenario: scenario(
      uac.invite().replace("INVITE sip:service@", "INVITE sip:trunk1@"),
      ...[...answered(), routed("ACK", 1), pause(300), routed("BYE", 2), receive("200")],
    ),
    from: `127.29.${net}.101:${ports.customer + 15}`,
    to: `${pbx}:${ports.registrar}`,
  });
  t.equal(run.code, 0, run.errors);
  t.match((await app.wait("offered", (offered) => offered.trunkId === "ours")).offered, {
    to: "service",
    from: "caller",
  });
});

t.test("a number behind the PBX is rung with the caller's number, and hears the customer's end", async (t) => {
  const person = callee(rings);
  const { callId, end } = await handOver();
  t.match((await app.wait("ringing", (_, event) => event.callId === callId)).ringing, {
    target: "2001",
    trunkId: "ours",
  });
  t.match((await app.wait("bridged", (_, event) => event.callId === callId)).bridged, {
    target: "2001",
    trunkId: "ours",
  });
  t.equal(await end(), 0);
  t.equal((await person).code, 0, (await person).errors);
  t.match(
    pbxRuns?.printed(),
    /INVITE to 2001 from caller asserted "caller" <sip:caller@/,
    "it showed the password, and who calls",
  );
  const status = await trunkStatus(house.home, "ours");
  t.match(status, { answered: 2, attempts: 2, asr: 1, ner: 1 });
});

t.test("a dead peer and one that is full are passed by", async (t) => {
  app.send({ setup: trunkSetup(2, { customers, ours, hunting }, [{ trunkId: "hunting", number: "2002" }]) });
  await until("revision 2", async () => (await house.status()).setupRevision === 2);
  const person = callee(rings);
  const { callId, end } = await handOver();
  await app.wait("bridged", (bridged, event) => event.callId === callId && bridged.trunkId === "hunting");
  const status = await trunkStatus(house.home, "hunting");
  t.equal(status.peers[0]?.state, "down", "nobody was there");
  t.equal(status.peers[2]?.state, "up", "the call that came through says so");
  app.send({ setup: trunkSetup(3, { customers, ours }) });
  t.equal(await end(), 0);
  t.equal((await person).code, 0, (await person).errors);
  t.equal((await house.status()).setupRevision, 3, "the trunk was taken away under the call, which went on");
});

t.test("the PBX goes and comes back: up, down, up, by SHA-256 now", async (t) => {
  await pbxRuns?.stop();
  const down = await untilStatus(house.home, "ours", ({ peers }) => peers[0]?.state === "down");
  t.match(down.peers, [{ state: "down", lastCode: 0, problem: "no answer" }]);
  pbxRuns = kamailio("SHA-256");
  await untilStatus(house.home, "ours", ({ peers }) => peers[0]?.state === "up");
  // Another account is another registration: this PBX knows only the better hash.
  const again = { ...ours, account: { ...account, expiresSeconds: 90 } };
  app.send({ setup: trunkSetup(4, { customers, ours: again }) });
  const status = await untilStatus(house.home, "ours", ({ registration }) => {
    const left = (registration?.until ?? 0) - Date.now();
    return left > 75_000;
  });
  t.equal(status.registration?.registered, true);
  t.match(pbxRuns?.printed(), /algorithm=SHA-256/);
});

t.test("a trunk that is removed unregisters", async (t) => {
  app.send({ setup: trunkSetup(5, { customers }) });
  await until("the PBX has let us go", () => /REGISTER of trunk1 expires 0 /.test(pbxRuns?.printed() ?? ""), 5000);
  t.equal(await trunkStatus(house.home, "ours"), undefined);
});

t.test("a PBX registers with us, and calls go where it said", async (t) => {
  const theirs = {
    name: "theirs",
    mode: "registrar",
    username: "pbx",
    password: "theirs-alone",
    keepalive: { optionsSeconds: 0 },
  } as const;
  app.send({ setup: trunkSetup(6, { customers, theirs }, [{ trunkId: "theirs", number: "2003" }]) });
  await until("revision 6", async () => (await house.status()).setupRevision === 6);
  t.match(await trunkStatus(house.home, "theirs"), { state: "down", registration: { registered: false } });
  const register = await sipp(folder, {
    scenario: scenario(step.challengedRegister({ username: "pbx", password: "theirs-alone" }, 200)),
    from: `${pbx}:${ports.theirs}`,
    to: `${house.sip.address}:${house.sip.port}`,
  });
  t.equal(register.code, 0, register.errors);
  await untilStatus(house.home, "theirs", ({ registration }) => registration?.registered === true);
  const person = callee(rings, ports.theirs);
  const { callId, end } = await handOver();
  await app.wait("bridged", (bridged, event) => event.callId === callId && bridged.trunkId === "theirs");
  t.equal(await end(), 0);
  t.equal((await person).code, 0, (await person).errors);
});

t.test("a PBX behind a NAT registers over TCP, and is called by its own connection", async (t) => {
  const nat = { name: "nat", mode: "registrar", username: "nat", password: "theirs-alone" } as const;
  const setup = trunkSetup(7, { customers, nat }, [{ trunkId: "nat", number: "2004" }]);
  app.send({ setup });
  await until("revision 7", async () => (await house.status()).setupRevision === 7);
  const socket = connect({ host: house.sip.address, port: house.sip.port, localAddress: pbx });
  await once(socket, "connect");
  const talker = Talker.ofSocket(socket);
  const uri = `sip:${house.sip.address}:${house.sip.port}`;
  const contact = "Contact: <sip:pbx@192.0.2.77:5060;transport=tcp>;expires=60";
  talker.say(...talkerRequest("REGISTER", uri, { transport: "TCP", extra: [contact] }));
  const header = /^WWW-Authenticate: (.*SHA-256.*)$/m.exec(await talker.next("SIP/2.0 401"))?.[1] ?? "";
  const asked = { method: "REGISTER", uri, body: "", nonceCount: 1, cnonce: "c" };
  const answer = digestAnswer(parseChallenges(header)[0]!, { ...asked, username: "nat", password: "theirs-alone" });
  const again = { transport: "TCP", seq: 2, extra: [contact, `Authorization: ${answer}`] };
  talker.say(...talkerRequest("REGISTER", uri, again));
  await talker.next("SIP/2.0 200");
  const { callId, end } = await handOver();
  const invite = await talker.next("INVITE sip:2004@192.0.2.77:5060;transport=tcp", 5000);
  talker.answer(invite, "486 Busy Here");
  const failed = await app.wait("handoffFailed", (_, event) => event.callId === callId);
  t.match(failed.handoffFailed?.reason, /busy/i);
  t.equal(await end(), 0);
  t.match((await trunkStatus(house.home, "nat")).failures, [{ code: 486, count: 1 }]);
  talker.end();
});

t.test("numbers are rewritten, closed hours have a flow of their own, and one call a second is one", async (t) => {
  const closed = { name: "closed", timeZone: "Asia/Shanghai", hours: [] };
  const numbering = { inboundDialled: [{ pattern: "+8610*", strip: 5, prepend: "" }] };
  const limits = { callsPerSecond: 1, retryAfterSeconds: 7 };
  const setup = trunkSetup(8, { customers: { ...customers, numbering, limits } });
  const number = { id: "number-1", trunkId: "customers", pattern: "80*", flowId: "flow-1" };
  app.send({
    setup: {
      ...setup,
      numbers: [{ ...number, calendarId: "calendar-1", closedFlowId: "flow-2" }],
      flows: [...(setup.flows ?? []), { ...setup.flows?.[0], id: "flow-2" }],
      calendars: [{ id: "calendar-1", formJson: JSON.stringify(closed) }],
    },
  });
  await until("revision 8", async () => (await house.status()).setupRevision === 8);
  const invite = uac.invite().replaceAll("sip:service@", "sip:+86108001@");
  const first = [invite, ...answered(), uac.ack(), uac.bye(2)].map((step) =>
    step.replaceAll("sip:service@", "sip:+86108001@"),
  );
  const from = (last: number) => ({
    from: `127.29.${net}.100:${ports.customer + last}`,
    to: `${house.sip.address}:${house.sip.port}`,
  });
  t.equal((await sipp(folder, { scenario: scenario(...first), ...from(16) })).code, 0);
  const { offered } = await app.wait("offered", (body) => body.flowId === "flow-2");
  t.match(offered, { to: "8001", trunkId: "customers" });
  const refused = receive("503").replace(
    "/>",
    '><action><ereg regexp="^ *7" search_in="hdr" header="Retry-After:" check_it="true" assign_to="wait"/></action></recv>',
  );
  const second = scenario(invite, optional(100), refused, '<Reference variables="wait"/>');
  const run = await sipp(folder, { scenario: second, ...from(17) });
  t.equal(run.code, 0, run.errors);
  const status = await trunkStatus(house.home, "customers");
  t.ok(status.failures.some(({ code }) => code === 503));
});

t.test("after a restart we are registered at once, and the figures of the day are still there", async (t) => {
  app.send({ setup: trunkSetup(9, { customers, ours }) });
  await untilStatus(house.home, "ours", ({ registration }) => registration?.registered === true);
  const before = await trunkStatus(house.home, "customers");
  app.close();
  await house.stop("telephony");
  await house.start("telephony");
  await untilStatus(house.home, "ours", ({ registration }) => registration?.registered === true, 4000);
  const after = await trunkStatus(house.home, "customers");
  t.ok(before.attempts >= 5 && before.answered >= 4);
  t.match(after, { attempts: before.attempts, answered: before.answered, failures: before.failures });
});
