import { trunkInput } from "@intramuros/contracts";
import { expect, test } from "vitest";
import { peerNames } from "./peer-names.ts";

const trunk = (id: string, addresses: string[], host = "") => ({
  ...trunkInput({
    name: id,
    addresses,
    peers: host === "" ? [] : [{ host, port: 0, transport: "udp", priority: 0, weight: 1 }],
  }),
  id,
});
const phone = { id: "p1", name: "Desk 1", username: "desk1", password: "x" };

test("a phone goes before a trunk, a narrow network before a wide one, a peer's name is known by its address", () => {
  const find = peerNames(
    {
      trunks: [
        trunk("all", ["10.0.0.0/8"]),
        trunk("one", ["10.1.2.3", "2001:db8::/32"]),
        trunk("sbc", [], "sbc.bank.example"),
      ],
      phones: [phone],
    },
    [{ phoneId: "p1", contact: "sip:desk1@10.1.2.3:5070;transport=udp" }],
    [{ trunkId: "sbc", address: "192.0.2.7:5060" }],
  );
  expect(find("10.1.2.3", 5070)).toEqual({ kind: "phone", id: "p1", name: "Desk 1" });
  expect(find("10.1.2.3", 5060).id).toBe("one");
  expect(find("10.9.9.9", 5060).id).toBe("all");
  expect(find("2001:db8::5", 5060).id).toBe("one");
  expect(find("192.0.2.7", 5061).id).toBe("sbc");
  expect(find("192.0.2.8", 5060).kind).toBe("unknown");
  expect(find("not an address", 1).kind).toBe("unknown");
});
