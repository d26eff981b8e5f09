import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer } from "node:tls";
import * as grpc from "@grpc/grpc-js";
import {
  type DoctorReport,
  DoctorReportSchema,
  type DoctorRequest,
  type TrunkStatus,
  telephonyAddress,
  telephonyV1,
  trunkInput,
} from "@intramuros/contracts";
import { generate } from "selfsigned";
import t from "tap";
import { Value } from "typebox/value";
import { Attached, openHouse, testSetup, until } from "./call-support.ts";
import { openPbx, type PbxOptions } from "./doctor-pbx.ts";
import { startApp, startServer } from "./sip-support.ts";

/** PBXs with one fault each, and whether the doctor names it. */
const net = 49;
const base = 24_500;
const house = openHouse({ net, base });
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-doctor-"));
const control = new telephonyV1.CallControl(telephonyAddress(house.home), grpc.credentials.createInsecure());
t.teardown(async () => {
  control.close();
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

await Promise.all([house.start("sip"), house.start("telephony")]);
await until("connected", async () => (await house.status()).sipConnected);

type Form = Omit<Parameters<typeof trunkInput>[0], "name">;
interface Case {
  readonly name: string;
  /** What the PBX has for a fault. */
  readonly pbx: Partial<PbxOptions>;
  readonly form: Form;
  readonly finds: readonly string[];
  readonly request?: Partial<DoctorRequest>;
}

const account = { username: "trunk", password: "right" };
const cases: readonly Case[] = [
  {
    name: "a good trunk has no fault: audio both ways, keys, hold",
    ...{ pbx: { password: "right" }, form: { mode: "register", account } },
    finds: [],
  },
  {
    name: "the wrong password",
    ...{ pbx: { password: "another" }, form: { mode: "register", account } },
    finds: ["password-wrong"],
  },
  {
    name: "the wrong domain",
    ...{ pbx: { domain: "pbx.example" }, form: { mode: "register", account: { ...account, domain: "wrong.example" } } },
    finds: ["domain-wrong"],
  },
  {
    name: "no codec in common",
    pbx: { refuses: "488 Not Acceptable Here" },
    form: {},
    finds: ["codec-none-in-common"],
  },
  {
    name: "PRACK required",
    pbx: { requiresPrack: true },
    form: { session: { prack: "off" } },
    finds: ["prack-required"],
  },
  {
    name: "a NAT address in the PBX's SDP",
    pbx: { audio: "none", sdpAddress: "10.255.255.1" },
    form: {},
    finds: ["nat-address"],
  },
  { name: "RTP blocked", pbx: { audio: "none" }, form: {}, finds: ["rtp-blocked"] },
  { name: "one-way audio", pbx: { audio: "music" }, form: {}, finds: ["one-way-audio"] },
  {
    name: "keys missing",
    ...{ pbx: { withoutTelephoneEvent: true }, form: { dtmf: "rfc4733" } },
    finds: ["dtmf-not-negotiated"],
  },
];

const formOf = (index: number, form: Form): string =>
  JSON.stringify(
    trunkInput({
      ...{ name: `case ${index}`, addresses: [`127.29.${net}.${100 + index}`], keepalive: { optionsSeconds: 0 } },
      peers: [{ host: `127.29.${net}.${100 + index}`, port: 5060, transport: "udp", priority: 0, weight: 1 }],
      ...form,
    }),
  );
const loopAddress = `127.29.${net}.220`;
const loopForm = JSON.stringify(
  trunkInput({
    ...{ name: "loop", addresses: [loopAddress], keepalive: { optionsSeconds: 0 } },
    peers: [{ host: loopAddress, port: 5060, transport: "udp", priority: 0, weight: 1 }],
  }),
);
const tlsAddress = `127.29.${net}.200`;
const tlsForm = JSON.stringify(
  trunkInput({
    ...{ name: "tls", keepalive: { optionsSeconds: 0 } },
    peers: [{ host: tlsAddress, port: 5061, transport: "tls", priority: 0, weight: 1 }],
  }),
);

function doctor(trunkId: string, request: Partial<DoctorRequest>): Promise<DoctorReport> {
  return new Promise((resolve, reject) => {
    const whole = { echoNumber: "", loopNumber: "", otherNumber: "", digits: "15#", ...request };
    const stream = control.runTrunkDoctor(
      { trunkId, requestJson: JSON.stringify(whole) },
      { deadline: Date.now() + 60_000 },
    );
    let report: DoctorReport | null = null;
    stream.on("data", (event: { reportJson?: string }) => {
      if (event.reportJson) report = Value.Parse(DoctorReportSchema, JSON.parse(event.reportJson));
    });
    stream.on("error", reject);
    stream.on("end", () => (report === null ? reject(new Error("no report came")) : resolve(report)));
  });
}
const trunkStatus = (trunkId: string): Promise<{ readonly statusJson: string }> =>
  new Promise((resolve, reject) =>
    control.getTrunkStatus({ trunkId }, { deadline: Date.now() + 5000 }, (error, reply) =>
      error === null && reply !== undefined ? resolve(reply) : reject(error),
    ),
  );
const failures = (report: DoctorReport): readonly string[] =>
  report.findings.filter(({ result }) => result === "failed").map(({ code }) => code);

t.test("each seeded fault is named, and a good trunk has none", async (t) => {
  const day = 86_400_000;
  // A certificate counts in whole seconds.
  const expiresAt = Math.floor((Date.now() - day) / 1000) * 1000;
  const expired = await generate([{ name: "commonName", value: tlsAddress }], {
    notBeforeDate: new Date(expiresAt - 60 * day),
    notAfterDate: new Date(expiresAt),
  });
  const server = createServer({ key: expired.private, cert: expired.cert });
  server.on("tlsClientError", () => {}); // we look at the certificate and leave
  await new Promise<void>((resolve) => server.listen(5061, tlsAddress, resolve));
  t.teardown(() => server.close());

  const app = new Attached(house.home, {
    setup: testSetup("127.29.48.0/24", undefined, {
      trunks: [
        ...cases.map(({ form }, index) => ({ id: `t${index}`, formJson: formOf(index, form) })),
        { id: "tls", formJson: tlsForm },
        { id: "loop", formJson: loopForm },
      ],
    }),
  });
  t.teardown(() => app.close());
  await until("set-up taken", async () => (await house.status()).setupRevision === 1);

  await Promise.all(
    cases.map(async ({ name, pbx, finds, request }, index) => {
      const at = await openPbx({
        ...{ folder, address: `127.29.${net}.${100 + index}`, port: 5060, mediaPort: 6000, audio: "echo", ...pbx },
      });
      try {
        const report = await doctor(`t${index}`, { echoNumber: "600", ...request });
        t.strictSame(failures(report), finds, `${name}: ${JSON.stringify(report.findings.map(({ code }) => code))}`);
        t.equal(report.ok, finds.length === 0);
        for (const finding of report.findings) {
          if (finding.result === "failed") t.not(finding.change, "", `${finding.code} says what to change`);
        }
      } finally {
        await at.close();
      }
    }),
  );

  // A PBX that routes one number back to us.
  const pbx = await startServer({ address: loopAddress, controlPort: base + 70, healthPort: base + 71 });
  const switchboard = await startApp(base + 70, (srf) => {
    srf.options((_req, res) => res.send(200));
    srf.invite((req, res) => {
      const { address, port } = house.sip;
      srf.createB2BUA(req, res, `sip:81234@${address}:${port}`).then(
        ({ uas, uac }) => {
          // Both ends of the loop hang up at once: one BYE finds the other side gone.
          uas.on("destroy", () => void uac.destroy().catch(() => {}));
          uac.on("destroy", () => void uas.destroy().catch(() => {}));
        },
        () => {},
      );
    });
  });
  t.teardown(async () => {
    switchboard.disconnect();
    await pbx.stop();
  });
  const loop = await doctor("loop", { loopNumber: "01081234" });
  t.strictSame(failures(loop), [], JSON.stringify(loop.findings.map(({ code }) => code)));
  t.equal(loop.sipCallIds.length, 2, "both ends are ours");
  for (const code of ["audio-both-ways", "dtmf-works", "hold-works"]) {
    t.ok(
      loop.findings.some((finding) => finding.code === code),
      code,
    );
  }

  const report = await doctor("tls", {});
  t.ok(failures(report).includes("certificate-expired"), JSON.stringify(report.findings.map(({ code }) => code)));

  const { statusJson } = await trunkStatus("tls");
  const [status] = JSON.parse(statusJson) as TrunkStatus[];
  t.equal(status?.peers[0]?.certificateExpiresAt, expiresAt, "the trunk's page has the day as well");

  const nobody = await doctor("t0", { echoNumber: "600" });
  t.strictSame(failures(nobody), ["options-no-answer"], "a PBX that is away is said to be away");
  await t.rejects(doctor("no-such-trunk", {}), /no trunk/);
});
