import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openHome, openLog } from "@intramuros/contracts";
import { chromium, type Page } from "playwright-core";
import t from "tap";
import { startAppliance } from "../src/app.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";

/** The chat widget in a real Chromium, on the real appliance with its own store, audit log, knowledge and dialogue. */
const PORT = 27_081;
const shots = process.env.CHAT_SHOTS;
const home = await makeTestHome({
  site: { name: "示例银行" },
  appliance: { consoleHost: "127.29.7.1", consolePort: PORT },
});
const { root, config } = openHome(home.root);
const appliance = await startAppliance({ root, config, log: openLog("appliance", "error") });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
t.teardown(async () => {
  await browser.close();
  await appliance.close();
  home.remove();
});
const url = `http://127.29.7.1:${PORT}/chat/`;

interface Desk {
  readonly page: Page;
  readonly problems: string[];
  ask(text: string): Promise<void>;
  answer(has: RegExp): Promise<string>;
  shot(name: string): Promise<void>;
}

async function visit(locale: "zh-CN" | "en", dark = false): Promise<Desk> {
  const context = await browser.newContext({
    locale,
    colorScheme: dark ? "dark" : "light",
    viewport: { width: 1280, height: 760 },
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  if (locale === "en") {
    // The page is Chinese; the widget follows the language that the page says it has.
    await page.addInitScript(
      `new MutationObserver(() => { if (document.documentElement) document.documentElement.lang = "en"; }).observe(document, { childList: true });`,
    );
  }
  await page.goto(url);
  await page.locator("#intramuros-chat .launch").click();
  return {
    page,
    problems,
    async ask(text) {
      await page.locator("#intramuros-chat textarea").fill(text);
      await page.keyboard.press("Enter");
    },
    async answer(has) {
      const row = page
        .locator("#intramuros-chat .assistant .text, #intramuros-chat .agent .text")
        .filter({ hasText: has });
      await row.last().waitFor({ timeout: 8_000 });
      return (await row.last().textContent()) ?? "";
    },
    async shot(name) {
      if (shots === undefined) return;
      mkdirSync(shots, { recursive: true });
      writeFileSync(path.join(shots, `${name}.png`), await page.screenshot());
    },
  };
}

await t.test("a visitor asks in Chinese and English and gets the right article", async (t) => {
  const zh = await visit("zh-CN");
  await zh.answer(/AI 助手/);
  await zh.ask("我的转账限额是多少？");
  t.match(await zh.answer(/限额.*\d|\d.*限额|万/), /万|元/);
  await zh.shot("zh-light");
  t.same(zh.problems, []);
  const en = await visit("en", true);
  await en.answer(/AI assistant/);
  await en.ask("What is my daily transfer limit?");
  t.match(await en.answer(/limit/i), /limit/i);
  await en.shot("en-dark");
  t.same(en.problems, []);
  await en.page.context().close();
  await zh.page.context().close();
});

await t.test("after a reload the conversation is there, once", async (t) => {
  const desk = await visit("en");
  await desk.ask("What are your opening hours?");
  await desk.page.locator("#intramuros-chat .assistant").nth(1).waitFor();
  const before = await desk.page.locator("#intramuros-chat .row").allTextContents();
  await desk.page.reload();
  await desk.page.locator("#intramuros-chat .assistant").nth(1).waitFor();
  t.same(await desk.page.locator("#intramuros-chat .row").allTextContents(), before);
  t.equal(before.length, 3, "greeting, question, answer");
  t.same(desk.problems, []);
  await desk.page.context().close();
});

await t.test("what cannot be answered, and anger, lead to a person and not to a guess", async (t) => {
  const desk = await visit("en");
  await desk.ask("I want to talk to a person");
  t.match(await desk.answer(/member of staff/), /noted/);
  await desk.shot("en-handed-over");
  await desk.page.context().close();

  const angry = await visit("zh-CN");
  await angry.ask("你们太过分了，我要投诉！");
  await angry.answer(/转接/);
  await angry.ask("好的");
  t.match(await angry.answer(/登记/), /人工服务请求/);
  await angry.page.context().close();

  const strange = await visit("zh-CN");
  for (const text of ["今天火星上的天气怎么样", "火星天气", "火星上下雨吗"]) {
    await strange.ask(text);
    await strange.page.locator("#intramuros-chat .customer").filter({ hasText: text }).waitFor();
    await strange.page.waitForTimeout(300);
  }
  t.match(await strange.answer(/登记/), /人工服务请求/, "the third time a person is asked for");
  await strange.page.context().close();
});

await t.test("keyboard: the button opens, Escape closes, focus goes where it should", async (t) => {
  const desk = await visit("en");
  const focused = (): Promise<unknown> =>
    desk.page.evaluate(`document.querySelector("#intramuros-chat").shadowRoot.activeElement?.className`);
  await desk.page.keyboard.press("Escape");
  t.equal(await focused(), "launch");
  t.equal(await desk.page.locator("#intramuros-chat .panel").isHidden(), true);
  await desk.page.keyboard.press("Enter");
  t.equal(await desk.page.locator("#intramuros-chat .panel").isVisible(), true);
  await desk.page.context().close();
});

await t.test("a file is sent, shown and downloaded again", async (t) => {
  const desk = await visit("zh-CN");
  await desk.answer(/AI 助手/);
  const text = "账单：一百元\n";
  await desk.page
    .locator("#intramuros-chat input[type=file]")
    .setInputFiles({ name: "账单.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
  const file = desk.page.locator("#intramuros-chat .customer .text button");
  await file.waitFor();
  t.match(await file.textContent(), /账单\.txt/);
  const waiting = desk.page.waitForEvent("download");
  await file.click();
  const download = await waiting;
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  t.equal(Buffer.concat(chunks).toString("utf8"), text);
  await desk.shot("zh-file");
  t.same(desk.problems, []);
  await desk.page.context().close();
});
