import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type CommissioningReport, CommissioningReportSchema } from "@intramuros/contracts";
import t from "tap";
import { Value } from "typebox/value";

/** The commissioning call against SIPp instead of the appliance: what it sees and says when the other side is not as it should be. */
const ADDRESS = "127.29.2.80";
const PORT = 22800;
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-call-"));
// Its own console port, on which nothing listens: no evidence is to be had.
writeFileSync(path.join(folder, "config.json"), JSON.stringify({ appliance: { consolePort: 22890 } }));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
t.setTimeout(120_000);

async function call(words: readonly string[]): Promise<{ code: number; report: CommissioningReport; lines: number }> {
  const main = path.join(import.meta.dirname, "../src/commissioning/main.ts");
  const child = spawn(process.execPath, [main, "--json", "--server", `${ADDRESS}:${PORT}`, ...words], {
    env: { ...process.env, INTRAMUROS_HOME: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  const [code] = (await once(child, "close")) as [number];
  const lines = out.trim().split("\n");
  return { code, report: JSON.parse(lines[0] ?? "") as CommissioningReport, lines: lines.length };
}

/** SIPp for one call, ended with the test. */
async function sipp(t: { teardown(fn: () => unknown): void }, args: readonly string[]): Promise<void> {
  const where = ["-i", ADDRESS, "-p", String(PORT), "-mi", ADDRESS, "-mp", String(PORT + 10), "-m", "1", "-nostdin"];
  const child = spawn("sipp", [...args, ...where], { cwd: folder, stdio: "ignore" });
  t.teardown(() => child.kill("SIGKILL"));
  await wait(500);
}

const refusal = (status: string, headers = ""): string => {
  const file = path.join(folder, `${status.slice(0, 3)}.xml`);
  const copied = `[last_Via:]\n[last_From:]\n[last_To:];tag=s[call_number]\n[last_Call-ID:]\n[last_CSeq:]`;
  writeFileSync(
    file,
    `<?xml version="1.0" encoding="ISO-8859-1" ?><scenario name="refuse"><recv request="INVITE"/><send><![CDATA[
SIP/2.0 ${status}
${copied}
${headers}Content-Length: 0

]]></send><recv request="ACK"/></scenario>`,
  );
  return file;
};

t.test("with nothing there it says so at once", async (t) => {
  const { code, report, lines } = await call(["--say", "hello"]);
  t.equal(code, 1);
  t.equal(lines, 1, "exactly one report");
  t.ok(Value.Check(CommissioningReportSchema, report), "as the contract has it");
  t.equal(report.answered, false);
  t.match(report.problems[0], /nothing listens there/);
});

t.test("a peer that echoes is answered, heard, and not taken for the appliance", async (t) => {
  await sipp(t, ["-sn", "uas", "-rtp_echo"]);
  const { code, report } = await call(["--say", "What is my daily transfer limit?"]);
  t.equal(code, 1);
  t.ok(Value.Check(CommissioningReportSchema, report));
  t.equal(report.answered, true);
  t.equal(report.understood, false);
  t.equal(report.audited, false);
  const methods = report.ladder.map(({ direction, line }) => `${direction} ${line.split(" ")[0]}`);
  t.same(methods, ["→ INVITE", "← 180", "← 200", "→ ACK", "→ BYE", "← 200"]);
  t.ok(report.media.sent > 300, `${report.media.sent} packets sent`);
  t.ok(report.media.received > report.media.sent - 5, `${report.media.received} came back`);
  t.equal(report.media.lost, 0);
  t.ok(report.latencyMs.setup < 500);
  t.ok(report.latencyMs.response >= 0 && report.latencyMs.response < 200, "the echo of the last words");
  t.ok(
    report.problems.some((problem) => /appliance/.test(problem)),
    "says that the appliance knows nothing",
  );
});

t.test("a number that nobody mapped is named", async (t) => {
  await sipp(t, ["-sf", refusal("404 Not Found")]);
  const { code, report } = await call(["--say", "hello", "--to", "5555"]);
  t.equal(code, 1);
  t.match(report.problems[0], /5555/);
  t.match(report.problems[0], /--to/);
  t.same(
    report.ladder.map(({ line }) => line.split(" ")[0]),
    ["INVITE", "404", "ACK"],
  );
});

t.test("a challenge is explained by the trunk that is missing", async (t) => {
  await sipp(t, ["-sf", refusal("401 Unauthorized", 'WWW-Authenticate: Digest realm="x", nonce="y"\n')]);
  const { code, report } = await call(["--digits", "1"]);
  t.equal(code, 1);
  t.match(report.problems[0], /trunk/);
  t.match(report.problems[0], /127\.0\.0\.1/);
});
