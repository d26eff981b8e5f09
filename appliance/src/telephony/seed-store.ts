import { type Language, trunkInput } from "@intramuros/contracts";
import { seedBilingualFlow, seedFlow } from "./seed.ts";
import type { SetupStore } from "./setup-store.ts";

/**
 * Fills a set-up that never had anything: a trunk for calls from this machine, numbers for each language, a queue with two phones.
 * The phones have no password, and so cannot register until an administrator gives them one. False: there was a set-up already.
 */
export async function seedTelephony(
  setup: SetupStore,
  site: { readonly name: string; readonly language: Language },
): Promise<boolean> {
  if (!(await setup.claimSeed())) return false;
  await setup.put(
    "trunks",
    trunkInput({
      name: "Commissioning (this machine)",
      addresses: ["127.0.0.0/8"],
      codecs: ["G722", "PCMA", "PCMU"],
      keepalive: { optionsSeconds: 0 },
    }),
  );
  const phoneIds: string[] = [];
  for (const n of [1, 2]) {
    const phone = await setup.put("phones", { name: `坐席 ${n} / Agent ${n}`, username: `agent${n}`, password: "" });
    phoneIds.push(phone.id);
  }
  const queue = await setup.put("queues", { name: "客服 / Service desk", phoneIds, outside: [], ringSeconds: 20 });
  const ids = { queueId: queue.id };
  const zh = await setup.put("flows", seedFlow("zh", site.name, ids));
  const en = await setup.put("flows", seedFlow("en", site.name, ids));
  const both = await setup.put("flows", seedBilingualFlow(site.name, { ...ids, zhFlowId: zh.id, enFlowId: en.id }));
  const numbers: readonly (readonly [pattern: string, flowId: string, note: string])[] = [
    ["8001", zh.id, "普通话 / Mandarin"],
    ["8002", en.id, "英语 / English"],
    ["8000", both.id, "双语 / Bilingual"],
    ["*", site.language === "zh" ? zh.id : en.id, "其余号码 / Every other number"],
  ];
  for (const [pattern, flowId, note] of numbers) {
    await setup.put("numbers", { pattern, trunkId: "", flowId, note, calendarId: "", closedFlowId: "" });
  }
  return true;
}
