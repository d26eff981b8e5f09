import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defaultConfig, openLog } from "@intramuros/contracts";
import t from "tap";
import { startSip } from "../src/server/app.ts";
import { SIP_TIMERS } from "../src/server/transaction/index.ts";
import { openLossyRelay } from "./lossy-relay.ts";
import {
  callerRequest,
  optional,
  pause,
  receive,
  SDP,
  SDP_TYPE,
  scenario,
  send,
  sipp,
  startApp,
  wait,
} from "./sip-support.ts";

/**
 * Ten datagrams of a hundred are lost and ten come late, in both directions, between the server and SIPp, Kamailio and baresip at the
 * same time. Every call must come up and end; when all timers are over (T1 is 100 ms here) nothing may be left in the server.
 */
t.setTimeout(120_000);
const ADDRESS = "127.29.44.20";
const CONTROL = 44_020;
const SECRET = "a secret of the test";
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-loss-"));
const children: ChildProcess[] = [];
const server = await startSip({
  config: { ...defaultConfig().sip, listen: [`udp:${ADDRESS}:5060`], controlPort: CONTROL, healthPort: 44_021 },
  secret: SECRET,
  root: folder,
  log: openLog("sip", "error"),
  timers: { ...SIP_TIMERS, t1Ms: 100, t2Ms: 800, t4Ms: 500 },
});
const SERVER = { address: ADDRESS, port: 5060 };
const bad = (n: number, to: { readonly address: string; readonly port: number }) =>
  openLossyRelay({
    at: { address: `127.29.44.${n}`, port: 44_000 + n },
    as: `127.29.44.${n + 1}`,
    to,
    lossPercent: 10,
    latePercent: 10,
    seed: n,
  });

/** Calls of peers by who calls (user of From): answered once, and ended. */
const answered = new Map<string, number>();
const ended = new Map<string, number>();
const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
const delivered = new Map<string, number>();
const failures: string[] = [];
const app = await startApp(
  CONTROL,
  (srf) =>
    srf.invite((req, res) => {
      const caller = /sip:([a-z]+)/.exec(req.get("From"))?.[1] ?? "";
      count(delivered, req.get("Call-ID"));
      srf.createUAS(req, res, { localSdp: SDP }).then(
        (dialog) => {
          count(answered, caller);
          dialog.on("destroy", () => count(ended, caller));
          // baresip waits to be hung up on.
          if (caller === "bob") {
            setTimeout(() => {
              dialog.destroy().then(
                () => count(ended, caller),
                (error: unknown) => failures.push(`BYE to baresip: ${error}`),
              );
            }, 1500);
          }
        },
        (error: unknown) => failures.push(`${caller}: ${error}`),
      );
    }),
  SECRET,
);
const relays = await Promise.all([
  bad(22, SERVER),
  bad(24, SERVER),
  bad(26, SERVER),
  bad(28, { address: "127.29.44.33", port: 44_033 }),
]);
t.teardown(async () => {
  // Kamailio ends its own children, when it is let.
  for (const child of children) child.kill(child.spawnfile === "kamailio" ? "SIGTERM" : "SIGKILL");
  for (const relay of relays) relay.close();
  app.disconnect();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A record-routing proxy whose way to us is the bad one. */
function startKamailio(): void {
  const config = [
    "#!KAMAILIO",
    "debug=0",
    "log_stderror=yes",
    "children=2",
    "disable_tcp=yes",
    "auto_aliases=no",
    "listen=udp:127.29.44.30:44030",
    'mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"',
    ...["pv", "tm", "sl", "rr", "siputils"].map((name) => `loadmodule "${name}.so"`),
    "request_route {",
    '  if (method == "CANCEL") { if (t_check_trans()) t_relay(); exit; }',
    "  t_check_trans();", // retransmissions end here
    "  if (has_totag()) loose_route(); else record_route();",
    '  $du = "sip:127.29.44.24:44024";',
    "  t_relay();",
    "}",
    "",
  ].join("\n");
  const file = path.join(folder, "kamailio.cfg");
  writeFileSync(file, config);
  children.push(spawn("kamailio", ["-f", file, "-DD", "-E", "-m", "32", "-M", "4", "-Y", folder], { stdio: "ignore" }));
}

/** One baresip, which calls at once. */
function startBaresip(n: number): ChildProcess {
  const home = path.join(folder, `baresip-${n}`);
  mkdirSync(home);
  const modules = ["g711", "account", "menu"].map((name) => `module${name === "g711" ? "" : "_app"} ${name}.so`);
  writeFileSync(
    path.join(home, "config"),
    [`sip_listen 127.29.44.${40 + n}:44050`, "module_path /usr/lib/baresip/modules", ...modules, ""].join("\n"),
  );
  const account = `<sip:bob@127.29.44.26:44026>;regint=0;outbound="sip:127.29.44.26:44026"\n`;
  writeFileSync(path.join(home, "accounts"), account);
  const child = spawn("baresip", ["-f", home, "-e", "/dial sip:x@127.29.44.26:44026"], { stdio: "ignore" });
  children.push(child);
  return child;
}

/** SIPp takes a second 200 of its INVITE for the answer to its BYE, so the call is long enough for a lost ACK to be repeated. */
const caller = scenario(
  send(callerRequest("INVITE", { extra: [SDP_TYPE] }), SDP),
  optional(100),
  receive("200", 'rrs="true"'),
  send(callerRequest("ACK", { toTag: true, extra: ["[routes]"] }), "", ""),
  pause(2500),
  send(callerRequest("BYE", { toTag: true, seq: 2, extra: ["[routes]"] })),
  receive("200"),
);

const nothingLeft = (): boolean => {
  const { serverTransactions, clientTransactions, dialogs, waiting } = server.figures();
  return serverTransactions + clientTransactions + dialogs + waiting === 0;
};
async function until(what: () => boolean, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms && !what(); waited += 100) await wait(100);
  return what();
}

t.test(
  "ten per cent lost and ten late, between us and SIPp, Kamailio and baresip: every call comes up and ends",
  async (t) => {
    startKamailio();
    const phones = 4;
    const uas = spawn("sipp", ["-sn", "uas", "-i", "127.29.44.33", "-p", "44033", "-nostdin"], {
      cwd: folder,
      stdio: "ignore",
    });
    children.push(uas);
    await wait(500);
    for (let n = 0; n < phones; n++) startBaresip(n);
    const call = { scenario: caller, calls: 30, rate: 10 } as const;
    const ours = async (): Promise<number> => {
      let up = 0;
      const calls = Array.from({ length: 20 }, async (_, i) => {
        await wait(i * 100);
        const dialog = await app.createUAC("sip:x@127.29.44.28:44028", { localSdp: SDP });
        up++;
        await wait(2000);
        await dialog.destroy();
      });
      for (const result of await Promise.allSettled(calls)) {
        if (result.status === "rejected") failures.push(`our call to SIPp: ${result.reason}`);
      }
      return up;
    };
    const [direct, proxied, up] = await Promise.all([
      sipp(folder, { ...call, from: "127.29.44.31:44031", to: "127.29.44.22:44022" }),
      sipp(folder, { ...call, from: "127.29.44.32:44032", to: "127.29.44.30:44030" }),
      ours(),
    ]);
    t.equal(direct.code, 0, `SIPp: ${direct.errors}`);
    t.equal(proxied.code, 0, `SIPp through Kamailio: ${proxied.errors}`);
    t.equal(up, 20, "our own calls came up");
    t.equal(answered.get("caller"), 60);
    t.ok(await until(() => ended.get("caller") === 60 && ended.get("bob") === phones, 8000), `ended ${[...ended]}`);
    t.same(failures, []);
    t.same(
      [...delivered].filter(([, times]) => times !== 1),
      [],
      "no INVITE reached the application twice",
    );
    for (const relay of relays) {
      t.ok(
        relay.lost() > 0 && relay.late() > 0,
        `${relay.passed()} passed, ${relay.lost()} lost, ${relay.late()} late`,
      );
    }
  },
);

t.test("when all timers are over, nothing is left", async (t) => {
  t.ok(await until(nothingLeft, 15_000), JSON.stringify(server.figures()));
  t.equal(server.figures().bugs, 0);
});
