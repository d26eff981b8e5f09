import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ConversationDetail, ConversationSummary } from "@intramuros/contracts";
import t from "tap";
import { openHouse } from "./house.ts";

/** A call from another's phone: baresip dials in with a recorded human voice (Debian's prompts), over G.711 A-law. */
const RECORDING = "/usr/share/asterisk/sounds/en_US_f_Allison/agent-alreadyon.wav";
const WORDS = ["agent", "already", "please", "enter", "number", "followed", "pound", "key"];
/** The greeting is over by then; a voice over it would be a barge-in. */
const QUIET_FIRST_S = 16;
const CALL_S = 34;

/** The recording (8 kHz, 16 bit, mono, 44 bytes of header) between stretches of silence. */
function callerVoice(): Buffer {
  const recorded = readFileSync(RECORDING);
  const sound = Buffer.concat([Buffer.alloc(QUIET_FIRST_S * 16_000), recorded.subarray(44), Buffer.alloc(20 * 16_000)]);
  const header = Buffer.from(recorded.subarray(0, 44));
  header.writeUInt32LE(36 + sound.length, 4);
  header.writeUInt32LE(sound.length, 40);
  return Buffer.concat([header, sound]);
}

t.test("baresip calls, a human voice is understood and answered", async (t) => {
  const house = await openHouse({ portBase: 35000 });
  const folder = mkdtempSync(path.join(tmpdir(), "intramuros-baresip-"));
  t.teardown(async () => {
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(path.join(folder, "voice.wav"), callerVoice());
  writeFileSync(
    path.join(folder, "config"),
    [
      "sip_listen 127.0.0.1:35970",
      "net_interface 127.0.0.1",
      `audio_source aufile,${path.join(folder, "voice.wav")}`,
      "audio_player aubridge,nil",
      "audio_alert aubridge,nil",
      "rtp_ports 35972-35998",
      "module_path /usr/lib/baresip/modules",
      ...["stdio", "g711", "aufile", "aubridge"].map((name) => `module ${name}.so`),
      ...["uuid", "account"].map((name) => `module_tmp ${name}.so`),
      "module_app menu.so",
      "",
    ].join("\n"),
  );
  writeFileSync(
    path.join(folder, "accounts"),
    `<sip:baresip@127.0.0.1:${house.sipPort};transport=udp>;regint=0;audio_codecs=pcma\n`,
  );
  writeFileSync(path.join(folder, "contacts"), "");

  const phone = spawn("baresip", ["-f", folder, "-e", `d sip:8002@127.0.0.1:${house.sipPort}`], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise<void>((resolve) => phone.once("exit", () => resolve()));
  await new Promise((resolve) => setTimeout(resolve, CALL_S * 1000));
  phone.kill("SIGINT"); // hangs up first
  await ended;

  await house.until(
    "the call's end in the books",
    async () => (await house.api<{ items: ConversationSummary[] }>("/api/conversations?state=live")).items.length === 0,
  );
  const [conversation] = (await house.api<{ items: ConversationSummary[] }>("/api/conversations?q=baresip")).items;
  const detail = await house.api<ConversationDetail>(`/api/conversations/${conversation?.id}`);
  const heard = detail.events
    .flatMap(({ body }) => (body.type === "customer-said" ? [body.text.toLowerCase()] : []))
    .join(" ");
  t.strictSame(
    WORDS.filter((word) => !heard.includes(word)),
    [],
    `every word arrived: ${heard}`,
  );
  const said = detail.events.findIndex(({ body }) => body.type === "customer-said");
  t.ok(
    detail.events.slice(said).some(({ body }) => body.type === "assistant-said"),
    "and was answered",
  );
  const end = detail.events.find(({ body }) => body.type === "contact-ended")?.body;
  t.match(end, { side: "customer", media: { codec: "PCMA", lostIn: 0 } });
});
