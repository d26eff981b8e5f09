import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import https from "node:https";
import { connect } from "node:net";
import { hostname } from "node:os";
import path from "node:path";
import { openHome, openLog } from "@intramuros/contracts";
import t from "tap";
import { startAppliance } from "../src/app.ts";
import { consoleCertPath } from "../src/http/certificate-store.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";

t.test("on any address but loopback the console is served over TLS only, with a certificate made here", async (t) => {
  const home = await makeTestHome({
    appliance: { consoleHost: "0.0.0.0", consolePort: 25_580 },
    sip: { healthPort: 25_530 },
    telephony: { healthPort: 25_531 },
    inference: { healthPort: 25_532 },
  });
  const { root, config } = openHome(home.root);
  const start = () => startAppliance({ root, config, log: openLog("appliance", "error") });
  let appliance = await start();
  t.teardown(async () => {
    await appliance.close();
    home.remove();
  });
  const pem = readFileSync(consoleCertPath(root), "utf8");
  const certificate = new X509Certificate(pem);
  t.ok(certificate.checkIP("127.0.0.1"));
  t.ok(certificate.checkHost("localhost"));
  t.ok(certificate.checkHost(hostname()));
  t.ok(Date.parse(certificate.validTo) > Date.now() + 4 * 365 * 86_400_000);
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) =>
    https
      .get({ host: "127.0.0.1", port: 25_580, path: "/api/session", ca: pem, agent: false }, (reply) => {
        reply.resume();
        resolve({ ...reply.headers, status: reply.statusCode });
      })
      .on("error", reject),
  );
  t.match(headers, { status: 200, "strict-transport-security": /max-age=31536000/ });
  const plain = await new Promise<string>((resolve) => {
    const socket = connect(25_580, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    socket.on("data", (data) => resolve(data.toString("latin1")));
    socket.on("close", () => resolve(""));
    socket.on("error", () => resolve(""));
  });
  t.notMatch(plain, /HTTP\/1\.1 [23]/, "plain HTTP gets nothing");
  const verify = await new Promise<{ status: number | null; stdout: string }>((resolve) => {
    const program = path.join(import.meta.dirname, "../src/audit/main.ts");
    const child = spawn(process.execPath, [program, "verify", "--home", root]);
    let stdout = "";
    child.stdout.on("data", (part: Buffer) => {
      stdout += part.toString();
    });
    child.on("close", (status) => resolve({ status, stdout }));
  });
  t.match(verify, { status: 0, stdout: /all as they were written/ }, "the command asks the running appliance over TLS");
  await appliance.close();
  appliance = await start();
  t.equal(readFileSync(consoleCertPath(root), "utf8"), pem, "the certificate stays");
});
