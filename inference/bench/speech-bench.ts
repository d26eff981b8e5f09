/** Through the running process: how soon speech is noticed, how soon its text is there, how soon an answer begins to sound. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  clientsOf,
  freePort,
  joined,
  listen,
  makeHome,
  removeHome,
  silence,
  speak,
  startPeer,
  telephone,
  textOf,
  untilReady,
} from "../e2e/peers.ts";
import { percentile } from "../src/model/model-state.ts";

const QUESTION = "What is my daily transfer limit?";
const TURNS = 20;
const AT_ONCE = 4;

export async function benchTurns(): Promise<{ name: string; figures: Record<string, number>; peer: string }> {
  const port = await freePort();
  const root = makeHome({ healthPort: port });
  const peer = startPeer(root, port);
  try {
    await untilReady(port);
    const clients = clientsOf(root);
    const said = await speak(clients, QUESTION, "en");
    const lastSound = said.samples.findLastIndex((sample) => Math.abs(sample) > 300);
    const clip = telephone(joined(silence(500), said.samples, silence(1200)));
    const endMs = 500 + lastSound / 8;
    const started: number[] = [];
    const final: number[] = [];
    let right = 0;
    const turn = async (): Promise<void> => {
      const events = await listen(clients, clip, { partials: true });
      started.push(events.find(({ event }) => event.started)!.atMs - 500);
      final.push(events.findLast(({ event }) => event.final)!.atMs - endMs);
      if (/^what is my daily transfer limit\W*$/i.test(textOf(events))) right += 1;
    };
    for (let at = 0; at < TURNS; at += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, one) => sleep(one * 170).then(turn)));
    }
    const voice: Record<"en" | "zh", number[]> = { en: [], zh: [] };
    for (let at = 0; at < TURNS; at++) {
      voice.en.push(
        (await speak(clients, "Your daily transfer limit is 50,000 yuan. You can change it in the app.", "en")).firstMs,
      );
      voice.zh.push((await speak(clients, "您的每日转账限额是5万元，可以在手机银行里修改。", "zh")).firstMs);
    }
    return {
      name: `Speech through the service, ${AT_ONCE} calls at once`,
      figures: {
        "ms from first sound to `started` p50": percentile(started, 0.5),
        "ms from first sound to `started` p95": percentile(started, 0.95),
        "ms from last sound to the text p50": percentile(final, 0.5),
        "ms from last sound to the text p95": percentile(final, 0.95),
        "texts wholly right, share": right / TURNS,
        "ms to first audio, English p50": percentile(voice.en, 0.5),
        "ms to first audio, English p95": percentile(voice.en, 0.95),
        "ms to first audio, Mandarin p50": percentile(voice.zh, 0.5),
        "ms to first audio, Mandarin p95": percentile(voice.zh, 0.95),
      },
      peer: "limits of the design: barge-in 200 ms and first audio of an answer 800 ms, in all (p95)",
    };
  } finally {
    await peer.stop();
    removeHome(root);
  }
}
