import * as fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SetupMessage } from "../trunk/set-up.ts";
import { openRecordingStore } from "./recording-store.ts";
import { openSetupStore } from "./setup-store.ts";
import { flow } from "./test/flow.ts";

const masterKeyHex = "17".repeat(32);
const log = pino({ level: "silent" });
let folder = "";
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), "call-stores-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const setup: SetupMessage = {
  revision: 3,
  trunks: [],
  numbers: [],
  flows: [flow()],
  queues: [],
  calendars: [],
  phones: [{ id: "p", name: "Desk", username: "desk", password: "a secret of the desk" }],
};

describe("what telephony keeps", () => {
  it("the set-up comes back with its passwords, which are not in the file", () => {
    const file = path.join(folder, "setup.json");
    openSetupStore({ file, masterKeyHex, log }).replace(setup);
    expect(fs.readFileSync(file, "utf8")).not.toContain("a secret of the desk");
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(openSetupStore({ file, masterKeyHex, log }).current()).toEqual(setup);
  });

  it("under another master key the passwords are empty and the rest is there", () => {
    const file = path.join(folder, "setup.json");
    openSetupStore({ file, masterKeyHex, log }).replace(setup);
    const other = openSetupStore({ file, masterKeyHex: "18".repeat(32), log }).current();
    expect(other?.phones[0]?.password).toBe("");
    expect(other?.flows).toHaveLength(1);
  });

  it("a recording is a sealed WAV, and an altered one is not given out", async () => {
    const store = openRecordingStore(folder, masterKeyHex);
    const relative = await store.save("call-1", Int16Array.of(1, -2, 3), 8000);
    const file = path.join(folder, relative);
    expect(fs.readFileSync(file).subarray(0, 4).toString()).toBe("IMR1");
    const wav = await store.read(relative);
    expect(wav?.subarray(0, 4).toString()).toBe("RIFF");
    expect([wav?.readInt16LE(44), wav?.readInt16LE(46), wav?.readInt16LE(48)]).toEqual([1, -2, 3]);
    const bytes = fs.readFileSync(file);
    bytes[30]! ^= 1;
    fs.writeFileSync(file, bytes);
    expect(await store.read(relative)).toBeNull();
  });

  it("a call id cannot lead out of the folder", async () => {
    const store = openRecordingStore(folder, masterKeyHex);
    expect(await store.save("../../etc/x", new Int16Array(1), 8000)).toBe("recordings/etcx.wav");
  });
});
