import * as fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEventLog } from "./event-log-store.ts";

const masterKeyHex = "42".repeat(32);
const log = pino({ level: "silent" });
let folder = "";
let file = "";
const open = () => openEventLog({ file, masterKeyHex, log });
const offered = (callId: string) => ({ callId, atMs: 1, offered: { from: "13800138000" } });

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), "event-log-"));
  file = path.join(folder, "events.log");
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

describe("the event log", () => {
  it("gives back what was not acknowledged after a killed process, in order and with its numbers", () => {
    const first = open();
    for (let n = 0; n < 5; n++) first.append(offered(`call-${n}`));
    first.acknowledge(2);
    const again = open();
    expect(again.logId).toBe(first.logId);
    expect(again.lastSeq).toBe(5);
    const seen = [];
    for (let event = again.after(2); event !== null; event = again.after(event.seq)) seen.push(event.event.callId);
    expect(seen).toEqual(["call-2", "call-3", "call-4"]);
  });

  it("knows the calls that were open, also when their events are acknowledged and gone", () => {
    const first = open();
    first.append(offered("open"));
    first.append({ callId: "open", atMs: 1234, answered: { codec: "PCMA" } });
    first.append(offered("over"));
    first.append({ callId: "over", atMs: 1, ended: { side: "customer" } });
    for (let n = 0; n < 600; n++) first.append({ callId: "open", atMs: 1, spoken: { text: "x".repeat(200) } });
    first.acknowledge(first.lastSeq);
    expect(fs.statSync(file).size).toBeLessThan(5000);
    expect(open().orphans).toEqual([{ callId: "open", answeredAt: 1234 }]);
  });

  it("keeps the old file while a new one cannot be written, and loses nothing", () => {
    const first = open();
    for (let n = 0; n < 600; n++) first.append({ callId: "a", atMs: 1, spoken: { text: "x".repeat(200) } });
    fs.symlinkSync("/dev/full", `${file}.new`);
    first.acknowledge(first.lastSeq);
    expect(first.append(offered("b")).seq).toBe(601);
    fs.rmSync(`${file}.new`);
    const again = open();
    expect(again.lastSeq).toBe(601);
    expect(again.after(600)?.event.callId).toBe("b");
  });

  it("does not begin on a full disk, and says so", () => {
    fs.symlinkSync("/dev/full", `${file}.new`);
    expect(() => open()).toThrow(/cannot write/);
  });

  it("cuts off a torn end and goes on with the next number", () => {
    const first = open();
    first.append(offered("a"));
    first.append(offered("b"));
    fs.truncateSync(file, fs.statSync(file).size - 3);
    const again = open();
    expect(again.logId).toBe(first.logId);
    expect(again.append(offered("c")).seq).toBe(2);
  });

  it("takes another log id when a record in the middle is bad: numbers must not come twice with another meaning", () => {
    const first = open();
    first.append(offered("a"));
    const size = fs.statSync(file).size;
    first.append(offered("b"));
    first.append(offered("c"));
    const bytes = fs.readFileSync(file);
    bytes[size + 20]! ^= 1;
    fs.writeFileSync(file, bytes);
    const again = open();
    expect(again.logId).not.toBe(first.logId);
    expect(again.unacknowledged).toBe(1);
  });

  it("puts an unreadable log aside and begins anew", () => {
    fs.writeFileSync(file, "not a log of ours at all, whoever wrote it");
    const made = open();
    expect(made.append(offered("a")).seq).toBe(1);
    expect(fs.readdirSync(folder).some((name) => name.includes("unreadable"))).toBe(true);
  });

  it("goes on after the appliance's numbers when a power cut took ours", () => {
    const made = open();
    made.append(offered("a"));
    made.skipTo(90);
    expect(made.unacknowledged).toBe(0);
    expect(made.append(offered("b")).seq).toBe(91);
  });

  it("holds no word of a customer in the open", () => {
    open().append(offered("a"));
    expect(fs.readFileSync(file).includes("13800138000")).toBe(false);
  });

  it("numbers go on after everything was acknowledged and the process began anew", () => {
    const first = open();
    first.append(offered("a"));
    first.acknowledge(1);
    first.close();
    const again = open();
    again.acknowledge(1);
    expect(again.append(offered("b")).seq).toBe(2);
  });
});
