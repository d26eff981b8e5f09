import * as fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pino from "pino";
import { afterEach, expect, test } from "vitest";
import { type Journal, openJournal } from "./journal-store.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

function house() {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "intramuros-journal-"));
  folders.push(folder);
  const values = new Map<string, unknown>();
  const open = (rotateBytes?: number): Journal => {
    const journal = openJournal({
      file: path.join(folder, "dialogs.journal"),
      secretHex: "00ff",
      purpose: "test",
      log: pino({ level: "silent" }),
      current: (key) => values.get(key) ?? null,
      keys: () => values.keys(),
      ...(rotateBytes === undefined ? {} : { rotateBytes }),
    });
    return journal;
  };
  const files = (): string[] => fs.readdirSync(folder);
  return { folder, values, open, files };
}

test("what was touched is there after a kill, what went is not", async () => {
  const { values, open } = house();
  const first = open();
  values.set("a", { n: 1 });
  values.set("b", { n: 2 });
  first.touch("a");
  first.touch("b");
  await wait(80);
  values.set("a", { n: 3 });
  values.delete("b");
  first.touch("a");
  first.touch("b");
  await wait(80); // nothing is closed: the process was killed
  const second = open();
  expect([...second.found]).toEqual([["a", { n: 3 }]]);
  second.close();
  first.close();
});

test("a key that came and went between two writes costs nothing", async () => {
  const { values, open } = house();
  const journal = open();
  values.set("short", 1);
  journal.touch("short");
  values.delete("short");
  await wait(80);
  expect(journal.bytes).toBe(0);
  journal.close();
});

test("a grown journal goes on in a next file; the old one leaves, the living values stay", async () => {
  const { values, open, files } = house();
  const journal = open(4000);
  for (let n = 0; n < 500; n++) {
    values.set(`key-${n}`, "x".repeat(20));
    journal.touch(`key-${n}`);
    if (n % 100 === 99) await wait(40);
  }
  for (let n = 0; n < 490; n++) {
    values.delete(`key-${n}`);
    journal.touch(`key-${n}`);
  }
  await wait(800);
  expect(files().length).toBe(1);
  journal.close();
  const next = open();
  expect([...next.found.keys()].sort()).toEqual([...values.keys()].sort());
  next.close();
});

test("a torn end costs what was torn, a strange file costs nothing but itself", async () => {
  const { folder, values, open } = house();
  const journal = open();
  values.set("whole", 1);
  journal.touch("whole");
  await wait(80);
  values.set("torn", 2);
  journal.touch("torn");
  await wait(80);
  journal.close();
  const [name = ""] = fs.readdirSync(folder);
  const file = path.join(folder, name);
  fs.truncateSync(file, fs.statSync(file).size - 3);
  fs.writeFileSync(path.join(folder, "dialogs.journal.0"), "no journal at all");
  const next = open();
  expect([...next.found]).toEqual([["whole", 1]]);
  next.close();
});
