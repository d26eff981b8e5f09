import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import t from "tap";
import { makeAppliance, openChat } from "./appliance.ts";
import { seriousFaults } from "./axe.ts";
import { openBrowser, openConsole, settled } from "./browser.ts";
import { callWithForeignCodec } from "./caller.ts";

/** The journeys of the console in a real browser against a real appliance. Needs the built console (`npm run build`). */
const PASSWORD = "墙内有一盏长明的灯-2026";
const dist = path.join(import.meta.dirname, "../dist");

t.setTimeout(300_000);

t.test("the first script fits in 250 kB, and nothing comes from outside", async (t) => {
  const page = readFileSync(path.join(dist, "index.html"), "utf8");
  const files = [...page.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map((match) => match[1] ?? "");
  t.ok(files.length > 0);
  const total = files.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(dist, file))).length, 0);
  t.comment(`initial script: ${Math.round(total / 1000)} kB gzip in ${files.length} files`);
  t.ok(total <= 250_000, `initial script is ${total} bytes`);
  t.notMatch(page, /(?:src|href)="(?:https?:)?\/\//, "no asset of another host");
  t.notMatch(page, /<script(?![^>]*src=)/, "no inline script");
});

const appliance = await makeAppliance();
const browser = await openBrowser();
t.teardown(async () => {
  await browser.close();
  await appliance.close();
});
await appliance.start();
/** Comes up while the first journeys go on. */
const telephony = appliance.startTelephony();
const { context, page, complaints } = await openConsole({
  browser,
  base: appliance.base,
  language: "zh",
  theme: "light",
});
page.setDefaultTimeout(15_000);

/** Pages of what the journeys made; they are looked at again in the other theme and at 200 %. */
const made: string[] = [];

/** What the browser logs for a refusal that the test asked for is no complaint of ours. */
function takeComplaints(expected?: RegExp): string[] {
  const found = complaints.splice(0);
  return expected === undefined ? found : found.filter((line) => !expected.test(line));
}
const go = async (address: string) => {
  await page.goto(appliance.base + address);
  await settled(page);
};
/** Moves inside the console, as a person does: the page is not loaded anew. */
const follow = async (name: string, heading: string | RegExp) => {
  await page.getByRole("navigation", { name: "菜单" }).getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  await settled(page);
};

t.test("first boot: the set-up code makes the administrator", async (t) => {
  await page.goto(appliance.base);
  await page.getByRole("heading", { name: "首次开箱" }).waitFor();
  t.strictSame(await seriousFaults(page), [], "the set-up page is accessible");
  const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);
  await fill("开箱码", "WRONG-CODE");
  await fill("姓名", "王芳");
  await fill("用户名", "wangfang");
  await fill("密码", "short");
  const submit = page.getByRole("button", { name: "建立管理员并登录" });
  t.ok(await submit.isDisabled(), "a short password is not sent");
  await fill("密码", PASSWORD);
  await fill("再次输入密码", PASSWORD);
  await submit.click();
  await page.getByText("开箱码不正确").waitFor();
  t.equal(await page.getByLabel("姓名").inputValue(), "王芳", "what was typed is kept");
  await fill("开箱码", appliance.setupCode());
  await submit.click();
  await page.getByRole("navigation", { name: "菜单" }).waitFor();
  await settled(page);
  t.strictSame(takeComplaints(/403/), []);
});

t.test("sign out, a wrong password, and in again", async (t) => {
  await page.getByRole("button", { name: /王芳/ }).click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByRole("heading", { name: "登录" }).waitFor();
  t.strictSame(await seriousFaults(page), [], "the sign-in page is accessible");
  await page.getByLabel("用户名", { exact: true }).fill("wangfang");
  await page.getByLabel("密码", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByText("用户名或密码不正确").waitFor();
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("navigation", { name: "菜单" }).waitFor();
  await page.getByText("实时", { exact: true }).waitFor();
  t.strictSame(takeComplaints(/401/), []);
});

t.test("a web chat appears by itself, is read as it goes on, and answered", async (t) => {
  await follow("会话", "会话");
  const visitor = await openChat(appliance.base);
  visitor.say("每天最多能转多少钱？");
  const row = page.locator("tbody tr").filter({ hasText: "每天最多能转多少钱" });
  await row.or(page.locator("tbody tr").first()).first().waitFor();
  await page.locator("tbody tr").first().click();
  await page.getByRole("list", { name: "对话" }).getByText("每天最多能转多少钱？").waitFor();
  visitor.say("转人工");
  await page.locator(".line-text").getByText("转人工", { exact: true }).waitFor();
  const box = page.getByLabel("回复客户");
  await box.fill("您好，我是坐席王芳。");
  await box.press("Enter");
  await visitor.hears("我是坐席王芳");
  await page.getByRole("list", { name: "对话" }).getByText("您好，我是坐席王芳。").waitFor();
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "");
  t.equal(await box.inputValue(), "", "the box is empty once the appliance has the line");
  await page.mouse.move(0, 0);
  await settled(page);
  t.strictSame(await seriousFaults(page), [], "the conversation is accessible");
  visitor.close();
  t.strictSame(takeComplaints(), []);
});

t.test("the callback of that chat is closed, and its customer gets a name", async (t) => {
  await follow("回呼工单", "回呼工单");
  const task = page.locator("article").first();
  await task.getByRole("button", { name: "办结" }).click();
  await page.getByText("没有待回呼的工单").waitFor();
  await page.getByText("已办结", { exact: true }).click();
  await page.getByText(/由 王芳 办结/).waitFor();
  await follow("客户", "客户");
  await page.locator("tbody tr").first().click();
  await page.getByRole("button", { name: "编辑资料" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("姓名").fill("李敏");
  await drawer.getByRole("button", { name: "保存" }).click();
  await page.getByRole("heading", { level: 1, name: "李敏" }).waitFor();
  t.strictSame(takeComplaints(), []);
});

t.test("a rule of the emotion policy is made, told apart and kept", async (t) => {
  await follow("情绪策略", "情绪策略");
  const before = await page.locator("ol > li").count();
  await page.getByRole("button", { name: "新增规则" }).click();
  await page.getByText("有未保存的修改").waitFor();
  await page.getByLabel("规则名称").last().fill("");
  await page.getByText("必须填写").waitFor();
  t.ok(await page.getByRole("button", { name: "保存" }).isDisabled(), "a rule without a name is not sent");
  await page.getByLabel("规则名称").last().fill("难过时安抚");
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByText("有未保存的修改").waitFor({ state: "detached" });
  await page.reload();
  await settled(page);
  t.equal(await page.locator("ol > li").count(), before + 1);
  t.equal(await page.getByLabel("规则名称").last().inputValue(), "难过时安抚");
  t.strictSame(takeComplaints(), []);
});

t.test("a filter is chosen from its list and lives in the address", async (t) => {
  await go("/conversations");
  await page.getByRole("combobox", { name: "全部情绪" }).click();
  await page.locator(".ant-select-item-option").filter({ hasText: "生气" }).click();
  await page.waitForURL(/mood=angry/);
  await page.reload();
  await settled(page);
  t.match(page.url(), /mood=angry/);
  t.strictSame(takeComplaints(), []);
});

t.test("a new article answers at once in the try-it box", async (t) => {
  await follow("知识库", "知识库");
  await page.getByRole("button", { name: "新增知识" }).first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "保存" }).click();
  await drawer.getByText("必须填写").first().waitFor();
  await drawer.getByLabel("标题").fill("古钱币兑换");
  await drawer.getByLabel("客户会怎么问").fill("古钱币可以兑换吗\n哪里能换古钱币");
  await drawer.getByLabel("书面答复").fill("古钱币请到总行营业部鉴定后办理。");
  await drawer.getByRole("button", { name: "保存" }).click();
  await drawer.waitFor({ state: "detached" });
  await page.getByLabel("搜索标题、问法、答复").fill("古钱币");
  await page.locator("tbody tr").filter({ hasText: "古钱币兑换" }).waitFor();
  t.match(page.url(), /q=/, "the filter lives in the address");
  await page.getByLabel("试一试").fill("请问哪里能换古钱币");
  await page.getByRole("button", { name: "试问" }).click();
  await page.getByText("直接应答").waitFor();
  await page.locator("blockquote").getByText("古钱币请到总行营业部鉴定后办理").waitFor();
  await page.getByRole("switch", { name: "启用: 古钱币兑换" }).click();
  await page.getByText("已保存，并已留痕").first().waitFor();
  await page.locator("tbody tr").filter({ hasText: "古钱币兑换" }).click();
  await drawer.getByRole("button", { name: "删除" }).click();
  await page.getByText("删除“古钱币兑换”？").waitFor();
  await page.locator(".ant-popconfirm").getByRole("button", { name: "删除" }).click();
  await page.getByText("没有符合筛选条件的内容").waitFor();
  t.strictSame(takeComplaints(), []);
});

t.test("an import with a fault imports nothing and names the line", async (t) => {
  await go("/knowledge");
  await page.getByRole("button", { name: "导入" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("或把内容粘贴在这里").fill("title,language,questions,answer\n外币兑换,zh,怎么换外币,\n");
  await dialog.getByRole("button", { name: "先检查" }).click();
  await dialog.getByText("尚未导入任何内容").waitFor();
  await dialog.getByText("第 2 行").waitFor();
  await dialog
    .getByLabel("或把内容粘贴在这里")
    .fill("title,language,questions,answer\n外币兑换,zh,怎么换外币,请到网点办理。\n");
  await dialog.getByRole("button", { name: "先检查" }).click();
  await dialog.getByRole("button", { name: "导入 1 条" }).click();
  await page.locator("tbody tr").filter({ hasText: "外币兑换" }).waitFor();
  t.strictSame(takeComplaints(), []);
});

t.test("a trunk from a template by keyboard: a fault at its field, saved, changed, rolled back, printed", async (t) => {
  await follow("中继与号码", "中继与号码");
  await page.getByRole("button", { name: "新增中继" }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "新增中继" }).waitFor();
  await page.getByRole("radio", { name: "通用 SIP（其他）" }).focus();
  await page.keyboard.press("ArrowDown");
  t.ok(await page.getByRole("radio", { name: /Avaya/ }).isChecked(), "the template is chosen by keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.type("验收中继");
  t.equal(await page.getByLabel("名称", { exact: true }).inputValue(), "验收中继", "the name comes next");
  await page.getByLabel("地址或名称").fill("300.1.2.3");
  await page.keyboard.press("Enter");
  await page.getByText("既不是 IP 地址也不是主机名").first().waitFor();
  t.equal(await page.evaluate(() => document.activeElement?.id), "peers_0_host", "the faulty field has the focus");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("127.29.48.5");
  t.strictSame(await seriousFaults(page), [], "the form is accessible");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "验收中继" }).waitFor();
  await settled(page);
  const trunkPath = new URL(page.url()).pathname;
  made.push(trunkPath, `${trunkPath}/form`, `${trunkPath}/sheet`);
  await page.getByRole("link", { name: "设置", exact: true }).click();
  await page.getByText("并发与限速", { exact: true }).click();
  await page.getByLabel("同时通话上限").fill("30");
  await page.getByRole("link", { name: "历史", exact: true }).click();
  await page.getByRole("dialog", { name: "有未保存的修改" }).getByRole("button", { name: "继续编辑" }).click();
  t.equal(await page.getByLabel("同时通话上限").inputValue(), "30", "what was typed is given up on purpose only");
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByText("已保存为第 2 版").waitFor();
  await page.getByRole("link", { name: "历史", exact: true }).click();
  await page.getByRole("definition").filter({ hasText: "30" }).waitFor();
  t.strictSame(await seriousFaults(page), [], "the history is accessible");
  await page.getByRole("button", { name: "退回到这一版: 第 1 版" }).click();
  await page.locator(".ant-popconfirm").getByRole("button", { name: "退回到这一版" }).click();
  await page.getByText("第 3 版").first().waitFor();
  await page.getByRole("link", { name: "对接单", exact: true }).click();
  await page.getByText("SIP Link Monitoring").waitFor();
  await page.emulateMedia({ media: "print" });
  t.notOk(await page.getByRole("navigation", { name: "菜单" }).isVisible(), "only the sheet is on paper");
  t.ok(await page.locator(".sheet").isVisible());
  await page.emulateMedia({ media: "screen" });
  t.strictSame(await seriousFaults(page), [], "the sheet is accessible");

  await telephony;
  await page.getByRole("link", { name: "体检", exact: true }).click();
  await page.getByRole("button", { name: "开始体检" }).click();
  await page.getByText(/发现 \d+ 个问题/).waitFor({ timeout: 60_000 });
  t.strictSame(await seriousFaults(page), [], "the findings are accessible");
  await page.getByRole("link", { name: /去改/ }).first().click();
  await page.waitForFunction(() => document.activeElement?.id.startsWith("peers_0_"));
  t.pass("a finding leads to the field that it is about");
  t.strictSame(takeComplaints(/4(00|22)/), []);
});

t.test("a number that leads to a flow, and to another one outside of its opening hours", async (t) => {
  await go("/telephony/calendars");
  const drawer = page.getByRole("dialog");
  await page.getByRole("button", { name: "新增日历" }).first().click();
  await drawer.getByLabel("名称", { exact: true }).first().fill("行政班");
  await drawer.getByLabel("到", { exact: true }).first().fill("08:00");
  await drawer.getByRole("button", { name: "保存" }).click();
  await drawer.getByText("结束时间不晚于开始时间").first().waitFor();
  await drawer.getByLabel("到", { exact: true }).first().fill("17:00");
  await drawer.getByRole("button", { name: "保存" }).click();
  await drawer.waitFor({ state: "detached" });
  await page.getByText("周二–周五 09:00–17:30").waitFor();
  await page.getByRole("link", { name: "流程", exact: true }).click();
  const flows = page.locator("tbody tr");
  await flows.or(page.getByText("还没有流程")).first().waitFor();
  if ((await flows.count()) === 0) {
    await page.getByRole("button", { name: "新增流程" }).first().click();
    await drawer.getByLabel("名称").fill("客服主流程");
    await drawer.getByLabel("问候语").fill("您好，请问有什么可以帮您？");
    await drawer.getByRole("button", { name: "保存" }).click();
    await drawer.waitFor({ state: "detached" });
  }
  await page.getByRole("link", { name: "号码", exact: true }).click();
  await page.getByRole("button", { name: "新增号码" }).first().click();
  await drawer.getByLabel("被叫号码").fill("955 88!");
  await drawer.getByRole("button", { name: "保存" }).click();
  await drawer.getByText("格式不正确").waitFor();
  await drawer.getByLabel("被叫号码").fill("95588123");
  await drawer.getByLabel("开放时间").click();
  await page.locator(".ant-select-item-option").filter({ hasText: "行政班" }).click();
  await drawer.getByRole("button", { name: "保存" }).click();
  await drawer.getByText("关门时没有流程可走").first().waitFor();
  await drawer.getByLabel("关门时走的流程").click();
  await page.locator(".ant-select-dropdown:visible .ant-select-item-option").first().click();
  await drawer.getByRole("button", { name: "保存" }).click();
  await drawer.waitFor({ state: "detached" });
  await page.locator("tbody tr").filter({ hasText: "9558 8123" }).waitFor();
  t.strictSame(takeComplaints(/4(00|22)/), []);
});

t.test("a call that failed: found by its number, its ladder read by keyboard, why in one line", async (t) => {
  await telephony;
  let call = await callWithForeignCodec(appliance.sip, "8001");
  // Telephony may be up a moment before the appliance has told it the numbers.
  for (const until = Date.now() + 30_000; call.status === 503 && Date.now() < until; await page.waitForTimeout(500))
    call = await callWithForeignCodec(appliance.sip, "8001");
  t.equal(call.status, 488);
  await go("/calls?q=8001");
  const row = page.locator("tbody tr").filter({ hasText: "没有共同的编码" });
  for (const until = Date.now() + 10_000; Date.now() < until && (await row.count()) === 0; ) {
    await page.getByRole("button", { name: "刷新" }).click();
    await page.waitForTimeout(300);
  }
  await row.first().click();
  await page.getByText("提议与应答没有共同的编码").waitFor();
  await settled(page);
  t.match(decodeURIComponent(page.url()), call.callId);
  made.push(new URL(page.url()).pathname);
  const ladder = page.getByRole("list", { name: "梯形图" });
  const first = ladder.getByRole("button").first();
  t.match(await first.textContent(), /从 .* 到 .*：INVITESDP 提议/);
  await first.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.locator(".sip-message").getByText("SIP/2.0 488").waitFor();
  t.strictSame(await seriousFaults(page), [], "the ladder is accessible");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载抓包 信令（SIP）" }).click();
  t.match((await download).suggestedFilename(), /^call-[0-9a-f]+\.pcap$/);
  t.strictSame(takeComplaints(), []);
});

t.test("what was done stands in the audit log, and the log verifies", async (t) => {
  await go("/audit?code=knowledge.");
  await page.locator("tbody tr").filter({ hasText: "knowledge.changed" }).first().click();
  await page.getByRole("dialog").getByText("叶哈希").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "校验全部" }).click();
  await page.getByText(/校验通过：/).waitFor({ timeout: 60_000 });
  t.strictSame(takeComplaints(), []);
});

t.test("keys: help, search, and going by letters", async (t) => {
  await go("/");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "键盘操作" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("k");
  await page.getByRole("heading", { level: 1, name: "知识库" }).waitFor();
  await page.keyboard.press("/");
  await page.getByRole("combobox", { name: "搜索" }).fill("留痕");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "留痕查询" }).waitFor();
  t.strictSame(takeComplaints(), []);
});

t.test("when the appliance goes away the console says so, and comes back by itself", async (t) => {
  await go("/conversations");
  await appliance.stop();
  await page.getByText(/与设备的连接已断开/).waitFor();
  await appliance.start();
  await page.getByText(/与设备的连接已断开/).waitFor({ state: "detached", timeout: 30_000 });
  await page.getByText("实时", { exact: true }).waitFor();
  takeComplaints();
  t.pass("still signed in");
});

const PAGES = [
  "/",
  "/conversations",
  "/conversations?view=history",
  "/customers",
  "/callbacks",
  "/knowledge",
  "/knowledge?article=new",
  "/emotion-policy",
  "/telephony/trunks",
  "/telephony/numbers",
  "/telephony/flows",
  "/telephony/queues",
  "/telephony/phones",
  "/telephony/calendars",
  "/telephony/trunks/new",
  "/calls",
  "/models",
  "/system",
  "/audit",
  "/about",
  "/?test-call=new",
];
for (const theme of ["light", "dark"] as const) {
  t.test(
    `no page has a serious fault of accessibility in the ${theme} theme, or a complaint of the browser`,
    async (t) => {
      const language = theme === "light" ? "zh" : "en";
      const other = await openConsole({
        browser,
        base: appliance.base,
        language,
        theme,
        cookies: await context.cookies(),
      });
      for (const address of theme === "dark" ? [...PAGES, ...made] : PAGES) {
        await other.page.goto(appliance.base + address);
        await settled(other.page);
        t.strictSame(await seriousFaults(other.page), [], address);
      }
      t.strictSame(other.complaints, []);
      await other.context.close();
    },
  );
}

t.test("at 200 % zoom nothing is cut off sideways", async (t) => {
  const small = await openConsole({
    browser,
    base: appliance.base,
    language: "zh",
    theme: "light",
    cookies: await context.cookies(),
    width: 640,
    height: 360,
  });
  for (const address of [...PAGES.slice(0, -1), ...made]) {
    await small.page.goto(appliance.base + address);
    await settled(small.page);
    t.equal(await sideways(small.page), 0, address);
  }
  await small.context.close();
});

function sideways(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
}
