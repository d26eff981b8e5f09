import path from "node:path";
import { openLog } from "@intramuros/contracts";
import Srf from "drachtio-srf";
import { createAccounts } from "../src/call/accounts-driver.ts";
import { openRegistrar } from "../src/call/registrar-driver.ts";
import type { SipRequest, SipResponse } from "../src/call/sip-types.ts";
import type { Directory } from "../src/trunk/identify.ts";

/**
 * The application of the SIP benches: answers every INVITE, ends when the caller does; registers `user0` to `user9999` (password `pw0` …)
 * by telephony's own registrar. Arguments: control host and port, secret, a folder of its own.
 */
const [host = "127.0.0.1", port = "9022", secret = "", folder = "."] = process.argv.slice(2);
const USERS = 10_000;
const srf = new Srf();
srf.on("error", (error: Error) => console.error(error.message));
srf.on("connect", () => process.send?.("connected"));
srf.connect({ host, port: Number(port), secret });

const sdp = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=audio 40000 RTP/AVP 8",
  "a=rtpmap:8 PCMA/8000",
  "",
].join("\r\n");

srf.invite((req, res) => {
  srf.createUAS(req, res, { localSdp: sdp }).catch(() => {
    // The caller was faster; the server has answered them.
  });
});

/** Of the set-up only what the registrar reads. */
const accounts = new Map(
  Array.from({ length: USERS }, (_, i) => {
    const phone = { id: `phone${i}`, username: `user${i}`, password: `pw${i}` };
    return [phone.username, { kind: "phone", phone }];
  }),
) as unknown as Directory["accounts"];
const directory = { accounts, trunks: [] } as unknown as Directory;
const registrar = openRegistrar({
  file: path.join(folder, "phones.json"),
  trunkFile: path.join(folder, "trunks.json"),
  accounts: createAccounts(() => directory),
  log: openLog("telephony", "error"),
  emit: () => {},
  onTrunk: () => {},
});
// The types of drachtio-srf leave the methods beside INVITE out.
const { register } = srf as unknown as { register(handler: (req: SipRequest, res: SipResponse) => void): void };
register.call(srf, (req, res) => registrar.register(req, res));
