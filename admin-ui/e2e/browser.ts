import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Debian's Chromium, without a word to the outside. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.INTRAMUROS_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export type ThemeName = "light" | "dark";
export type Language = "zh" | "en";

/** A window of the console in one language and theme. What the browser complains of is gathered in `complaints`. */
export async function openConsole(props: {
  readonly browser: Browser;
  readonly base: string;
  readonly language: Language;
  readonly theme: ThemeName;
  readonly cookies?: readonly Cookie[];
  readonly width?: number;
  readonly height?: number;
}): Promise<{ readonly context: BrowserContext; readonly page: Page; readonly complaints: string[] }> {
  const context = await props.browser.newContext({
    viewport: { width: props.width ?? 1280, height: props.height ?? 720 },
    locale: props.language === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
    ignoreHTTPSErrors: true,
  });
  if (props.cookies !== undefined) await context.addCookies([...props.cookies]);
  await context.addInitScript(
    ({ language, theme }) => {
      localStorage.setItem("intramuros.language", language);
      localStorage.setItem("intramuros.theme", theme);
    },
    { language: props.language, theme: props.theme },
  );
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complaints.push(`${message.type()} at ${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`page error at ${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(props.base) && !/^(data|blob|ws|wss):/.test(request.url()))
      complaints.push(`asked outside: ${request.url()}`);
  });
  return { context, page, complaints };
}
export type Cookie = Awaited<ReturnType<BrowserContext["cookies"]>>[number];

/** Waits until a page stands still: its heading is there and nothing loads any more. */
export async function settled(page: Page): Promise<void> {
  await page
    .locator("main h1")
    .first()
    .waitFor({ timeout: 30_000 })
    .catch(async (cause: unknown) => {
      const shown = await page.evaluate(() => document.body.innerHTML.slice(0, 600));
      throw new Error(`${page.url()} did not come to stand; it shows ${shown}`, { cause });
    });
  await page.waitForFunction(() => document.querySelector("main .loading") === null, undefined, { timeout: 15_000 });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(350);
}
