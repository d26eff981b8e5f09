import { TRUNK_TEMPLATES, trunkInput } from "@intramuros/contracts";
import { expect, test } from "vitest";
import type { SheetSite } from "./sheet-facts.ts";
import { trunkSheet } from "./trunk-sheet.ts";

const site: SheetSite = {
  language: "zh",
  template: "generic",
  listeners: ["udp/127.0.0.1:5060", "udp/10.1.2.3:5066", "tls/10.1.2.3:5061"],
  configured: ["udp:auto:5060", "ws:auto:8088"],
  externalAddress: "",
  publicAddress: "",
  rtpPortMin: 20000,
  rtpPortMax: 23999,
  numbers: [{ id: "n", pattern: "95588", trunkId: "", flowId: "f", calendarId: "", closedFlowId: "", note: "" }],
};
const trunk = {
  ...trunkInput({
    name: "总行",
    peers: [{ host: "10.9.9.9", port: 0, transport: "udp", priority: 0, weight: 1 }],
    username: "pbx",
    password: "a secret of both",
    account: { username: "901", password: "another secret" },
  }),
  id: "t",
};

test("every sheet names our address, port, media ports and numbers, in either language, and no password", () => {
  for (const template of TRUNK_TEMPLATES) {
    for (const language of ["zh", "en"] as const) {
      for (const mode of ["peer", "register", "registrar"] as const) {
        const sheet = trunkSheet({ ...trunk, mode }, { ...site, template, language });
        const text = JSON.stringify(sheet);
        for (const value of ["10.1.2.3", "5066", "20000–23999", "95588"]) expect(text, template).toContain(value);
        expect(text).not.toContain("secret");
        expect(text).not.toMatch(/undefined|null|\[object/);
        if (language === "en") expect(text.replaceAll("总行", "")).not.toMatch(/\p{Script=Han}/u);
        for (const { rows } of sheet.sections) for (const row of rows) expect(row.enter).not.toBe("");
      }
    }
  }
});

test("a transport that nothing here listens on is said, with what to add", () => {
  const tcp = { ...trunk, peers: [{ ...trunk.peers[0]!, transport: "tcp" as const }] };
  expect(JSON.stringify(trunkSheet(tcp, { ...site, language: "en" }))).toContain("add tcp:auto:5060 to sip.listen");
});

test("what the trunk has of its own counts: NAT address, ports, suites", () => {
  const own = {
    ...trunk.media,
    natAddress: "203.0.113.9",
    rtpPortMin: 30000,
    rtpPortMax: 30199,
    srtp: "require" as const,
  };
  const text = JSON.stringify(trunkSheet({ ...trunk, media: own }, site));
  expect(text).toContain("203.0.113.9");
  expect(text).toContain("30000–30199");
  expect(text).toContain("AES_CM_128_HMAC_SHA1_80");
});
